import JSON
import SCIM

/// What the directory knows of one resource type beyond its schema: how it takes part in memberships and what must be
/// unique. A class, for it is large and at hand in every read.
final class ResourceRules: Sendable {
  let type: ResourceType
  let catalog: SchemaCatalog
  let validator: ResourceValidator
  /// Those of the core schema.
  let attributes: [Attribute]
  /// Attributes that list members, with the names of the types that may stand there: `members`: `User`, `Group`.
  let memberKinds: [String: Set<String>]
  /// The same attributes in the order of their names.
  let memberAttributes: [String]
  /// Attributes computed from the memberships of a resource, each with the type of what holds it: `groups` of `Group`. In the
  /// order of their names.
  let computed: [(attribute: String, container: String)]
  let returnedByDefault: ReturnedByDefault
  /// Top-level string attributes that no two resources of the type share.
  let unique: [Attribute]
  let uniqueExtensionAttributes: [ExtensionAttribute]
  private let extensions: [String]

  init(_ type: ResourceType, catalog: SchemaCatalog) {
    self.type = type
    self.catalog = catalog
    validator = ResourceValidator(type: type, catalog: catalog)
    returnedByDefault = ReturnedByDefault(type, catalog: catalog)
    let attributes = catalog.schema(type.schema)?.attributes ?? []
    self.attributes = attributes
    let memberKinds = Self.memberKinds(of: type, catalog)
    self.memberKinds = memberKinds
    memberAttributes = memberKinds.keys.sorted()
    computed = catalog.resourceTypes.compactMap { container in
      let name = container.endpoint.drop { $0 == "/" }.lowercased()
      guard catalog.membershipAttribute(of: container, for: type.name) != nil,
        memberKinds[name] == nil, attributes.contains(where: { $0.name == name })
      else { return nil }
      return (name, container.name)
    }.sorted { $0.attribute < $1.attribute }
    unique = attributes.filter { Self.isUnique($0, in: type, listsMembers: !memberKinds.isEmpty) }
    uniqueExtensionAttributes = Self.uniqueAttributes(ofExtensions: type, catalog)
    extensions = type.extensions.map(\.schema)
  }

  /// What `schemas` says of a resource with these attributes: the core schema and the extensions in use (RFC 7643 section 3).
  func schemas(of attributes: JSONObject) -> JSONObject.Member {
    .init(key: "schemas", value: .array(schemas { attributes[$0] != nil }.map(JSONValue.string)))
  }

  /// - Parameter isUsed: whether the resource has attributes of an extension.
  func schemas(where isUsed: (String) -> Bool) -> [String] { [type.schema] + extensions.filter(isUsed) }

  func withSchemas(_ attributes: JSONObject) -> JSONObject {
    JSONObject(uniqueMembers: [schemas(of: attributes)] + attributes.members.filter { $0.key != "schemas" })
  }

  /// Of every type of a catalog, by its name.
  static func all(of catalog: SchemaCatalog) -> [String: ResourceRules] {
    Dictionary(
      catalog.resourceTypes.map { ($0.name, ResourceRules($0, catalog: catalog)) },
      uniquingKeysWith: { first, _ in first })
  }

  private static func memberKinds(of type: ResourceType, _ catalog: SchemaCatalog) -> [String: Set<String>] {
    catalog.resourceTypes.reduce(into: [:]) { kinds, member in
      guard let attribute = catalog.membershipAttribute(of: type, for: member.name) else { return }
      kinds[attribute, default: []].insert(member.name)
    }
  }

  /// What the schema calls unique; and the name of groups and roles, which RFC 7643 leaves free and people tell them
  /// by.
  private static func isUnique(_ attribute: Attribute, in type: ResourceType, listsMembers: Bool) -> Bool {
    guard !attribute.isMultiValued, attribute.type == .string, attribute.name != "id" else { return false }
    return attribute.uniqueness != .none || (listsMembers && attribute.name == "displayName")
  }

  /// The attribute of this type that lists members, spelled as in the schema.
  func memberAttribute(_ name: String) -> String? {
    memberKinds.keys.first { $0.lowercased() == name.lowercased() }
  }

  var hasPassword: Bool { attributes.contains { $0.name == "password" } }

  /// The path of a resource below the base address of the service.
  func location(of id: String) -> String { "\(type.endpoint)/\(id)" }
}
