import JSON
import SCIM

/// Turns an endpoint's mapping round: from what the endpoint holds to what manifests have to say.
package struct MappingInverse {
  /// An attribute of a live resource that the mapping, applied to the manifest, gives another value.
  package struct Difference: Hashable, Sendable {
    package var kind: String
    /// The id of the resource there.
    package var id: String
    package var attribute: AttributePath
  }

  private let mapping: [AttributeMapping]
  private let catalog: SchemaCatalog

  /// - Parameter catalog: the resource types of the manifests.
  package init(of declaration: EndpointDeclaration, catalog: SchemaCatalog) {
    mapping = declaration.mapping
    self.catalog = catalog
  }

  /// The resources, by the name of their type, with the attributes that manifests have to say; a mapping of roles makes
  /// resources of type Role out of the values it wrote.
  package func resources(of listings: [String: [Resource]]) -> (
    listings: [String: [Resource]], differences: [Difference]
  ) {
    guard !mapping.isEmpty else { return (listings, []) }
    var inverse = listings
    var differences: [Difference] = []
    let roles = RoleValues(mapping, in: listings["User"] ?? [])
    for (kind, resources) in listings {
      guard let type = catalog.resourceType(kind) else { continue }
      let mapper = AttributeMapper(TypeRules(type, catalog: catalog), mapping)
      inverse[kind] = resources.map { resource in
        let (attributes, differing) = mapper.inverse(
          of: resource.attributes, roles: kind == "User" ? roles.names(of: resource.id) : [])
        differences += differing.map { Difference(kind: kind, id: resource.id, attribute: $0) }
        return Resource(attributes)
      }
    }
    if !roles.resources.isEmpty { inverse["Role", default: []] += roles.resources }
    return (
      inverse,
      differences.sorted { ($0.kind, $0.id, $0.attribute.description) < ($1.kind, $1.id, $1.attribute.description) }
    )
  }
}

/// The roles that a mapping of `roles` wrote into users.
private struct RoleValues {
  private var members: [String: [String]] = [:]
  private var namesByUser: [String: [String]] = [:]

  init(_ mapping: [AttributeMapping], in users: [Resource]) {
    for rule in mapping where rule.source == .roles {
      for user in users {
        for case .string(let name) in AttributePath(rule.target, sub: "value").values(in: user.attributes) {
          members[name, default: []].append(user.id)
          namesByUser[user.id, default: []].append(name)
        }
      }
    }
  }

  func names(of user: String) -> [String] { namesByUser[user] ?? [] }

  var resources: [Resource] {
    members.sorted { $0.key < $1.key }.map { name, users in
      Resource([
        "id": .string("role:\(name)"), "displayName": .string(name),
        "users": .array(users.map { ["value": .string($0)] }),
      ])
    }
  }
}

extension AttributePath {
  fileprivate init(_ path: AttributePath, sub: String) {
    self = path
    if subAttribute == nil { subAttribute = sub }
  }
}
