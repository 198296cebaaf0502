import JSON
import Synchronization

/// The records of an organisation in a test, kept as strictly as Salesforce keeps its own.
final class SalesforceStore: Sendable {
  /// What is answered instead of an obedience.
  struct Refusal: Error {
    var status = 400
    var code: String
    var message = ""
    var fields: [String] = []

    var json: JSONValue {
      ["errorCode": .string(code), "message": .string(message), "fields": .array(fields.map(JSONValue.string))]
    }
  }

  private struct State {
    var tables: [String: [JSONObject]] = [:]
    var lastNumber = 0
  }

  private let state = Mutex(State())
  /// User names that other organisations have.
  let elsewhere: Set<String>
  /// Ids of users who cannot be deactivated.
  private let needed = Mutex<Set<String>>([])

  init(elsewhere: Set<String> = []) { self.elsewhere = elsewhere }

  func records(_ object: String) -> [JSONObject] { state.withLock { $0.tables[object] ?? [] } }

  func record(_ object: String, _ id: String) -> JSONObject? { records(object).first { $0["Id"] == .string(id) } }

  func need(_ id: String) { needed.withLock { _ = $0.insert(id) } }

  // MARK: Writes

  /// - Returns: the id.
  func create(_ object: String, _ body: JSONObject) throws -> String {
    let facts = try facts(object)
    try check(body, facts, object)
    for (name, field) in facts.fields where field.isRequired && (body[name] ?? .null).isNull {
      throw Refusal(code: "REQUIRED_FIELD_MISSING", message: "Required fields are missing: [\(name)]", fields: [name])
    }
    try checkUniqueness(body, facts, object, except: nil)
    return insert(object, body)
  }

  /// Puts a record there as it is.
  @discardableResult
  func insert(_ object: String, _ body: JSONObject) -> String {
    let prefix = SalesforceFacts.objects[object]?.prefix ?? "000"
    return state.withLock { state in
      state.lastNumber += 1
      let number = String(state.lastNumber)
      let id = prefix + String(repeating: "0", count: 12 - number.count) + number + "AAA"
      var record = body
      record["Id"] = .string(id)
      if object == "User" {
        record["UserType"] = record["UserType"] ?? "Standard"
        state.tables["UserLogin", default: []].append(
          ["Id": .string("0Yw" + id.dropFirst(3)), "UserId": .string(id), "IsFrozen": false])
      }
      state.tables[object, default: []].append(record)
      return id
    }
  }

  func update(_ object: String, _ id: String, _ body: JSONObject) throws {
    let facts = try facts(object)
    guard record(object, id) != nil else { throw Refusal(status: 404, code: "NOT_FOUND", message: "no such record") }
    guard !body.isEmpty else { throw Refusal(code: "TEST_NEEDLESS_CALL", message: "nothing is changed") }
    try check(body, facts, object)
    for (name, value) in body.members.map({ ($0.key, $0.value) })
    where value.isNull && facts.fields[name]?.isRequired == true {
      throw Refusal(code: "REQUIRED_FIELD_MISSING", message: "Required fields are missing: [\(name)]", fields: [name])
    }
    if body["IsActive"] == false, needed.withLock({ $0.contains(id) }) {
      throw Refusal(code: "FIELD_INTEGRITY_EXCEPTION", message: "the default lead owner cannot be inactive")
    }
    try checkUniqueness(body, facts, object, except: id)
    state.withLock { state in
      guard let index = state.tables[object]?.firstIndex(where: { $0["Id"] == .string(id) }) else { return }
      for member in body {
        state.tables[object]?[index][member.key] = member.value.isNull ? JSONValue?.none : member.value
      }
    }
  }

  func delete(_ object: String, _ id: String) throws {
    guard try facts(object).isDeletable else {
      throw Refusal(status: 405, code: "METHOD_NOT_ALLOWED", message: "HTTP Method 'DELETE' not allowed")
    }
    guard record(object, id) != nil else {
      throw Refusal(status: 404, code: "ENTITY_IS_DELETED", message: "entity is deleted")
    }
    state.withLock { state in
      state.tables[object]?.removeAll { $0["Id"] == .string(id) }
      for row in ["GroupMember", "PermissionSetAssignment"] {
        state.tables[row]?.removeAll { $0.members.contains { $0.value == .string(id) } }
      }
    }
  }

  // MARK: Rules

  private func facts(_ object: String) throws -> SalesforceFacts {
    guard let facts = SalesforceFacts.objects[object] else {
      throw Refusal(status: 404, code: "NOT_FOUND", message: "The requested resource does not exist")
    }
    return facts
  }

  private func check(_ body: JSONObject, _ facts: SalesforceFacts, _ object: String) throws {
    for member in body {
      guard let field = facts.fields[member.key] else {
        throw Refusal(code: "INVALID_FIELD", message: "No such column '\(member.key)' on sobject of type \(object)")
      }
      guard !field.isFixed else {
        throw Refusal(code: "INVALID_FIELD_FOR_INSERT_UPDATE", message: member.key, fields: [member.key])
      }
      if !member.value.isNull { try check(member, field.form) }
    }
  }

  private func check(_ member: JSONObject.Member, _ form: SalesforceFacts.Form) throws {
    switch (form, member.value) {
    case (.flag, .bool): break
    case (.text(let most), .string(let text)):
      if text.count > most {
        throw Refusal(code: "STRING_TOO_LONG", message: "data value too large", fields: [member.key])
      }
    case (.oneOf(let values), .string(let text)):
      if !values.contains(text) {
        throw Refusal(code: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message: text, fields: [member.key])
      }
    case (.reference(let objects), .string(let id)):
      if !objects.contains(where: { record($0, id) != nil }) {
        throw Refusal(code: "INVALID_CROSS_REFERENCE_KEY", message: "invalid cross reference id", fields: [member.key])
      }
    default: throw Refusal(code: "JSON_PARSER_ERROR", message: "Cannot deserialize \(member.key)")
    }
  }

  private func checkUniqueness(
    _ body: JSONObject, _ facts: SalesforceFacts, _ object: String, except id: String?
  ) throws {
    let others = records(object).filter { $0["Id"]?.string != id }
    for (name, field) in facts.fields where field.isUnique {
      guard let text = body[name]?.string else { continue }
      let isTaken = others.contains { $0[name]?.string?.lowercased() == text.lowercased() }
      if isTaken || (name == "Username" && elsewhere.contains(text)) {
        let code = name == "Username" ? "DUPLICATE_USERNAME" : "DUPLICATE_VALUE"
        throw Refusal(code: code, message: "duplicate value found: \(name)", fields: [name])
      }
    }
    let together = facts.uniqueTogether
    if !together.isEmpty, others.contains(where: { other in together.allSatisfy { other[$0] == body[$0] } }) {
      throw Refusal(code: "DUPLICATE_VALUE", message: "duplicate value found", fields: together)
    }
  }
}
