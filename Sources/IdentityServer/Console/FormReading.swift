import JSON
import SCIM

/// What a form would change of a resource, and what is wrong with it.
struct FormReading {
  /// As the value of a PATCH that replaces: what is not mentioned stays, null takes away.
  private(set) var changes = JSONObject()
  /// By the names of controls.
  private(set) var problems: [String: String] = [:]

  /// - Parameter current: the attributes as they are; empty for a new resource.
  init(_ sections: [FormSection], _ form: PostedForm, current: JSONObject) {
    let current = JSONValue.object(current)
    for field in sections.fields where field.setsAttribute {
      let before = current.value(at: field.path)
      guard let after = read(field, as: field.name, form, before: before), after != before ?? .null else { continue }
      changes.set(after, at: field.path)
    }
    for rows in sections.rows where form[rows.countName] != nil {
      let before = current.value(at: rows.path)?.array ?? []
      let after = elements(of: rows, form, before: before)
      if after != before { changes.set(after.isEmpty ? .null : .array(after), at: rows.path) }
    }
  }

  /// The value of a control: null for none, nil when it says nothing.
  private mutating func read(
    _ field: FormField, as name: String, _ form: PostedForm, before: JSONValue?
  ) -> JSONValue? {
    let value: JSONValue?
    switch field.control {
    case .secret: return form[name].flatMap { $0.isEmpty ? nil : .string($0) }
    // What the page did not ask for stays.
    case .text where before != nil && [nil, before?.plainText].contains(form[name]),
      .choice where before != nil && [nil, before?.plainText].contains(form[name]),
      .lines where before != nil && [nil, before?.plainTexts].contains(form[name].map { _ in form.lines(name) }):
      return nil
    case .flag(let unset):
      let isOn = form.isOn(name)
      return isOn == before?.bool ?? unset ? nil : .bool(isOn)
    case .text, .choice: value = form.text(name).flatMap { typed($0, field, name) }
    case .lines: value = Self.list(form.lines(name))
    case .boxes(let options):
      let known = Set(before?.plainTexts ?? []).union(options.map(\.value))
      value = Self.list(form.names(startingWith: name + ".").filter(known.contains))
      // The order is nothing that boxes tell.
      if Set(value?.plainTexts ?? []) == Set(before?.plainTexts ?? []) { return nil }
    }
    if value == nil, field.isRequired, problems[name] == nil { problems[name] = "This is needed." }
    return value ?? .null
  }

  private static func list(_ texts: [String]) -> JSONValue? {
    texts.isEmpty ? nil : .array(texts.map(JSONValue.string))
  }

  /// The text as the type of the attribute has it.
  private mutating func typed(_ text: String, _ field: FormField, _ name: String) -> JSONValue? {
    switch field.type {
    case .integer:
      guard let number = Int(text) else { problems[name] = "This must be a whole number."; return nil }
      return .number(JSONNumber(number))
    case .decimal:
      guard let number = try? JSONValue(parsing: Array(text.utf8)), number.number != nil else {
        problems[name] = "This must be a number."
        return nil
      }
      return number
    case .dateTime where DateTime(text) == nil:
      problems[name] = "This must be a date and time such as 2026-01-05T08:00:00Z."
      return nil
    case .string, .boolean, .dateTime, .binary, .reference, .complex: return .string(text)
    }
  }

  // MARK: Rows

  /// The rows that say anything.
  private mutating func elements(of rows: FormRows, _ form: PostedForm, before: [JSONValue]) -> [JSONValue] {
    let wanted = (0..<rows.count(in: form)).filter { !Self.isBlank($0, of: rows, form) }
    let keys = wanted.map { Self.key(of: rows, in: $0, form) }
    return zip(wanted, keys).map { index, key in
      var element = Self.origin(of: index, key, among: before, keys, rows)?.object ?? [:]
      for field in rows.fields {
        let old = JSONValue.object(element).value(at: field.path)
        guard let value = read(field, as: rows.name(field, in: index), form, before: old) else { continue }
        element.set(value, at: field.path)
      }
      return .object(element.withoutNulls)
    }
  }

  /// What the row was made from: the value in its place, unless that moved elsewhere; or the one with its key.
  private static func origin(
    of index: Int, _ key: String?, among before: [JSONValue], _ keys: [String?], _ rows: FormRows
  ) -> JSONValue? {
    let isThere = before.indices.contains(index)
    let found = before.first { key != nil && $0.text(at: rows.key) == key }
    if isThere, before[index].text(at: rows.key) == key { return before[index] }
    if let found { return found }
    // What has got another name is still what it was, unless another row has its name.
    return isThere && !keys.contains(before[index].text(at: rows.key)) ? before[index] : JSONValue?.none
  }

  private static func key(of rows: FormRows, in index: Int, _ form: PostedForm) -> String? {
    rows.fields.first { $0.path == [rows.key].compactMap(\.self) }.flatMap { form.text(rows.name($0, in: index)) }
  }

  /// Whether nothing is written there; what is chosen in passing does not count.
  private static func isBlank(_ index: Int, of rows: FormRows, _ form: PostedForm) -> Bool {
    rows.fields.allSatisfy { field in
      let name = rows.name(field, in: index)
      return switch field.control {
      case .text, .lines: form.text(name) == nil
      case .secret: form[name] ?? "" == ""
      case .boxes: form.names(startingWith: name + ".").isEmpty
      case .choice, .flag: true
      }
    }
  }
}

extension JSONValue {
  fileprivate func text(at part: String?) -> String? { part.flatMap { self[$0]?.plainText } }
}

extension JSONObject {
  /// Sets what stands at a path, and makes the objects on the way.
  fileprivate mutating func set(_ value: JSONValue, at path: [String]) {
    guard let first = path.first else { return }
    guard path.count > 1 else {
      self[first] = value
      return
    }
    var inner = self[first]?.object ?? [:]
    inner.set(value, at: Array(path.dropFirst()))
    self[first] = .object(inner)
  }

  /// Without what is null, and what is empty without that.
  fileprivate var withoutNulls: JSONObject {
    JSONObject(
      uniqueMembers: members.compactMap { member in
        guard let inner = member.value.object else { return member.value.isNull ? nil : member }
        let rest = inner.withoutNulls
        return rest.isEmpty ? nil : .init(key: member.key, value: .object(rest))
      })
  }
}
