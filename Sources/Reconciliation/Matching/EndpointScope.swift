import JSON
import SCIM

/// One desired resource as one endpoint is to hold it. A class, because every step of a pass looks at it.
final class ProjectedResource: Sendable {
  let desired: DesiredResource
  /// Mapped, and without what the endpoint cannot hold.
  let attributes: JSONObject
  /// Whether the endpoint's scope takes it; what is outside is matched, so that references to it can be said.
  let isInScope: Bool

  init(desired: DesiredResource, attributes: JSONObject, isInScope: Bool) {
    self.desired = desired
    self.attributes = attributes
    self.isInScope = isInScope
  }

  var key: ResourceKey { desired.key }
}

/// What of the desired state concerns one endpoint, and what it cannot hold, said once.
struct EndpointScope {
  let declaration: EndpointDeclaration
  let catalog: SchemaCatalog
  private let elementLimits: [String: [String: ElementLimit]]
  private let automaticElements: [String: [String: Filter]]
  private(set) var limitations: Set<String> = []

  init(_ declaration: EndpointDeclaration, _ capabilities: Capabilities) {
    self.declaration = declaration
    catalog = capabilities.catalog
    elementLimits = capabilities.elementLimits
    automaticElements = capabilities.automaticElements
  }

  /// The rules of a kind; nil when the endpoint has no such resource type.
  func rules(of kind: String) -> TypeRules? {
    catalog.resourceType(kind).map { type in
      TypeRules(
        type, catalog: catalog, ignore: declaration.ignore, elementLimits: elementLimits[type.name] ?? [:],
        automaticElements: automaticElements[type.name] ?? [:])
    }
  }

  func takes(_ kind: String) -> Bool { declaration.scope.kinds?.contains(kind) ?? true }

  /// The resources of one kind.
  /// - Parameter roles: of each user, the names of the roles that name it.
  mutating func project(
    _ resources: [DesiredResource], as rules: TypeRules, roles: [ResourceKey: [String]]
  ) -> [ProjectedResource] {
    let takesKind = takes(rules.type.name)
    let mapper = AttributeMapper(rules, declaration.mapping)
    let filter = declaration.scope.filter.flatMap { speaksOf(rules, $0) ? $0 : nil }
    let labels = declaration.scope.matchLabels
    return resources.map { resource in
      let isInScope =
        takesKind && (labels.isEmpty || resource.labels.contains(labels))
        && (filter?.matches(resource.attributes, type: rules.type, catalog: rules.catalog) ?? true)
      var attributes = mapper.apply(to: resource.attributes, roles: roles[resource.key] ?? [])
      if isInScope {
        limitations.formUnion(rules.leaveOutUnheld(&attributes))
        limitations.formUnion(rules.leaveOutUnfitting(&attributes))
      }
      return ProjectedResource(desired: resource, attributes: attributes, isInScope: isInScope)
    }
  }

  /// Why a resource is not in scope; nil when it is.
  func objection(to resource: DesiredResource, as rules: TypeRules) -> String? {
    if !takes(rules.type.name) { return "scope.kinds does not name \(rules.type.name)" }
    let labels = declaration.scope.matchLabels
    if !labels.isEmpty, !resource.labels.contains(labels) {
      return "it does not have the labels that scope.matchLabels asks for"
    }
    guard let filter = declaration.scope.filter, speaksOf(rules, filter),
      !filter.matches(resource.attributes, type: rules.type, catalog: rules.catalog)
    else { return nil }
    return "it does not match scope.filter \(filter)"
  }

  /// Whether a live resource is one that the endpoint's scope speaks of.
  func contains(_ live: Resource, as rules: TypeRules) -> Bool {
    guard takes(rules.type.name) else { return false }
    guard let filter = declaration.scope.filter, speaksOf(rules, filter) else { return true }
    return filter.matches(live.attributes, type: rules.type, catalog: rules.catalog)
  }

  /// Says that a kind cannot be held. Identity and service providers configure a server, so an endpoint that has
  /// accounts and neither of both is not expected to.
  mutating func sayMissing(_ kind: String, count: Int) {
    let providers = ["IdentityProvider", "ServiceProvider"]
    let isExpected =
      !providers.contains(kind) || providers.contains { catalog.resourceType($0) != nil }
      || declaration.scope.kinds?.contains(kind) == true
    guard takes(kind), isExpected, !(kind == "Role" && mapsRoles) else { return }
    let hint = kind == "Role" ? "; a mapping of `roles` would write them into the users" : ""
    limitations.insert("has no resource type \(kind): \(count) left out\(hint)")
  }

  mutating func say(_ limitation: String) { limitations.insert(limitation) }

  var mapsRoles: Bool { declaration.mapping.contains { $0.source == .roles } }

  /// A scope filter over people's attributes says nothing about groups.
  private func speaksOf(_ rules: TypeRules, _ filter: Filter) -> Bool {
    filter.paths.allSatisfy { $0.resolve(in: rules.type, catalog: rules.catalog) != nil }
  }
}

extension Filter {
  /// The attributes it names, without those inside of value filters.
  var paths: [AttributePath] {
    switch self {
    case .present(let path), .compare(let path, _, _), .valuePath(let path, _): [path]
    case .and(let a, let b), .or(let a, let b): a.paths + b.paths
    case .not(let filter): filter.paths
    }
  }
}
