import SCIM

/// Finds the values that the lookup tables of an endpoint's mapping have no entry for.
package struct UnmappedValues {
  private let scope: EndpointScope
  private let mapping: [AttributeMapping]

  /// nil when no value can lack an entry.
  package init?(of declaration: EndpointDeclaration, catalog: SchemaCatalog) {
    mapping = declaration.mapping.filter { $0.table != nil && $0.fallback == nil && $0.source != .roles }
    guard !mapping.isEmpty else { return nil }
    scope = EndpointScope(declaration, Capabilities(catalog: catalog))
  }

  /// The values of these resources without an entry, rule by rule, each with the resources that have it.
  package func find(in resources: [DesiredResource]) -> [(
    rule: AttributeMapping, resources: [String: [DesiredResource]]
  )] {
    var scope = scope
    let found = mapping.map { _ in [String: [DesiredResource]]() }
    return Dictionary(grouping: resources, by: \.key.kind).reduce(into: Array(zip(mapping, found))) { found, kind in
      guard let rules = scope.rules(of: kind.key) else { return }
      let mapper = AttributeMapper(rules, mapping)
      let concerned = scope.project(kind.value, as: rules, roles: [:]).filter(\.isInScope).map(\.desired)
      for (index, rule) in mapping.enumerated() where mapper.mapping.contains(rule) {
        for resource in concerned {
          for value in mapper.unmappedValues(of: rule, from: resource.attributes, roles: []) {
            found[index].1[value, default: []].append(resource)
          }
        }
      }
    }.map { (rule: $0.0, resources: $0.1) }
  }
}
