import JSON
import SCIM

/// A resource as a caller wants it, taken apart: what goes into the document, who its members are, and the password.
struct Draft: Sendable {
  /// Valid by the schema, names spelled as there, without read-only attributes and members.
  var attributes: JSONObject
  /// The ids in each membership attribute of the type; an attribute that was not given is empty.
  var members: [String: [String]]
  var password: PasswordChange

  /// - Throws: `SCIMError` 400 for what the schema refuses.
  init(_ given: JSONObject, rules: ResourceRules) throws(SCIMError) {
    var given = given
    password = .keep
    if rules.hasPassword, let key = given.spelling(of: "password") {
      password = try PasswordChange(given[key])
      given[key] = nil
    }
    var members: [String: [String]] = [:]
    for attribute in rules.memberAttributes {
      members[attribute] = try MemberValues.ids(in: given.value(ignoringCase: attribute), attribute: attribute)
      given[given.spelling(of: attribute) ?? attribute] = nil
    }
    for (attribute, _) in rules.computed { given[given.spelling(of: attribute) ?? attribute] = nil }
    self.members = members
    attributes = try rules.validated(given)
  }
}

/// The values of a membership attribute.
enum MemberValues {
  /// The ids that the values name, each once, in their order.
  /// - Throws: `SCIMError` 400 for a value that names none.
  static func ids(in value: JSONValue?, attribute: String) throws(SCIMError) -> [String] {
    var seen: Set<String> = []
    var ids: [String] = []
    for element in elements(of: value) {
      guard let id = element.object?.value(ignoringCase: "value")?.string, !id.isEmpty else {
        throw SCIMError(status: 400, .invalidValue, "\(attribute): each member is an object whose value is an id.")
      }
      if seen.insert(id).inserted { ids.append(id) }
    }
    return ids
  }

  private static func elements(of value: JSONValue?) -> [JSONValue] {
    switch value {
    case nil, .null: []
    case .array(let elements): elements
    case let single?: [single]
    }
  }
}
