import JSON
import SCIM

/// The fields of a user at Google that something of SCIM is kept in.
enum GoogleUserField: String, CaseIterable, Sendable {
  case primaryEmail, givenName, familyName, displayName, suspended, password, emails, phones, addresses
  case organizations, externalIds, relations, languages

  /// Whether it holds more than we manage, so that writing it takes knowing it.
  var isShared: Bool {
    switch self {
    case .organizations, .externalIds, .relations, .languages: true
    case .primaryEmail, .givenName, .familyName, .displayName, .suspended, .password, .emails, .phones, .addresses:
      false
    }
  }

  /// The fields that an operation writes.
  static func touched(by operation: PatchOperation) -> Set<GoogleUserField> {
    guard let path = operation.path else {
      return Set((operation.value?.object?.keys ?? []).flatMap { named($0, operation.value?[$0]) })
    }
    if path.schema?.lowercased() == SchemaURN.enterpriseUser.lowercased() { return enterprise(path.attribute) }
    if let sub = path.subAttribute, path.attribute.lowercased() == "name" { return name(sub) }
    // The URN of the extension alone parses as an attribute of a schema that there is not.
    let whole = path.schema.map { "\($0):\(path.attribute)" } ?? path.attribute
    return named(path.schema == nil || isCore(path) ? path.attribute : whole, operation.value)
  }

  private static func isCore(_ path: AttributePath) -> Bool {
    path.schema?.lowercased() == SchemaURN.user.lowercased()
  }

  private static func named(_ attribute: String, _ value: JSONValue?) -> Set<GoogleUserField> {
    switch attribute.lowercased() {
    case "name": Set((value?.object?.keys ?? ["givenName", "familyName"]).flatMap(name))
    case "name.givenname", "name.familyname": name(String(attribute.dropFirst("name.".count)))
    case SchemaURN.enterpriseUser.lowercased():
      Set((value?.object?.keys ?? ["employeeNumber", "department", "manager"]).flatMap(enterprise))
    default: core[attribute.lowercased()].map { [$0] } ?? []
    }
  }

  private static func name(_ part: String) -> Set<GoogleUserField> {
    switch part.lowercased() {
    case "givenname": [.givenName]
    case "familyname": [.familyName]
    default: []
    }
  }

  private static func enterprise(_ attribute: String) -> Set<GoogleUserField> {
    switch attribute.lowercased() {
    case "employeenumber": [.externalIds]
    case "manager": [.relations]
    case "department", "costcenter", "organization": [.organizations]
    default: []
    }
  }

  private static let core: [String: GoogleUserField] = [
    "username": .primaryEmail, "displayname": .displayName, "active": .suspended, "password": .password,
    "emails": .emails, "phonenumbers": .phones, "addresses": .addresses, "title": .organizations,
    "usertype": .organizations, "externalid": .externalIds, "preferredlanguage": .languages,
  ]
}
