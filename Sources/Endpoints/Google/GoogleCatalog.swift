import JSON
import Reconciliation
import SCIM

/// What the Directory API holds, in the terms of SCIM: what is not here, such as `nickName` or `locale`, has no place
/// there.
enum GoogleCatalog {
  static let standard = SchemaCatalog(
    resourceTypes: [user, group, role], schemas: [userSchema, enterpriseSchema, groupSchema, roleSchema])

  /// - Parameter removal: what becomes of users whose removal is due.
  static func capabilities(_ removal: GoogleSettings.Removal) -> Capabilities {
    var capabilities = Capabilities(
      supportsPatch: true, supportsFilter: true, supportsChangePassword: true, catalog: standard)
    if removal == .suspend { capabilities.undeletableTypes = ["User"] }
    capabilities.automaticElements = ["User": ["emails": automaticAddress]]
    capabilities.listedAttributes = ["Group": ["id", "externalId", "displayName"]]
    return capabilities
  }

  /// Every user has its primary address, and an alias for each name that it gave up, whether they are asked for or not.
  private static let automaticAddress = Filter.or(
    .compare(AttributePath("primary"), .equal, true),
    .compare(AttributePath("type"), .equal, .string(GoogleEmail.aliasType)))

  private static let user = ResourceType(
    name: "User", endpoint: "/users", description: "User", schema: SchemaURN.user,
    extensions: [.init(schema: SchemaURN.enterpriseUser)])
  private static let group = ResourceType(
    name: "Group", endpoint: "/groups", description: "Group", schema: SchemaURN.group)
  private static let role = ResourceType(
    name: "Role", endpoint: "/roles", description: "Administrator role", schema: SchemaURN.role)

  private static let userSchema: Schema = {
    var schema = part(
      of: SchemaURN.user,
      [
        "userName", "name", "displayName", "title", "userType", "preferredLanguage", "active", "password", "emails",
        "phoneNumbers", "addresses",
      ])
    // Composed of the other two.
    schema.restrict("name", to: ["formatted", "givenName", "familyName"], readOnly: ["formatted"])
    // The primary address is that of `userName`, and no other can be.
    schema.restrict("emails", to: ["value", "type", "primary"], readOnly: ["primary"])
    schema.restrict("phoneNumbers", to: ["value", "type", "primary"])
    return schema
  }()

  private static let enterpriseSchema = part(
    of: SchemaURN.enterpriseUser, ["employeeNumber", "costCenter", "organization", "department", "manager"])
  private static let groupSchema = part(of: SchemaURN.group, ["displayName", "members"])

  private static let roleSchema: Schema = {
    var schema = part(of: SchemaURN.role, ["displayName", "users", "groups", "permissions"])
    schema.attributes.append(
      Attribute("externalId", description: "Not kept there.", isCaseExact: true, mutability: .readOnly))
    return schema
  }()

  private static func part(of urn: String, _ names: [String]) -> Schema {
    var schema = SchemaCatalog.standard.schema(urn) ?? Schema(id: urn, name: urn, attributes: [])
    schema.attributes = schema.attributes.filter { names.contains($0.name) }
    return schema
  }
}

extension Schema {
  /// Leaves a complex attribute these parts.
  fileprivate mutating func restrict(_ name: String, to parts: [String], readOnly: [String] = []) {
    guard let index = attributes.firstIndex(where: { $0.name == name }) else { return }
    attributes[index].subAttributes = attributes[index].subAttributes.filter { parts.contains($0.name) }
      .map { part in
        var part = part
        if readOnly.contains(part.name) { part.mutability = .readOnly }
        return part
      }
  }
}
