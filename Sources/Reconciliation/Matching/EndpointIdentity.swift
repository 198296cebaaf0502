import JSON
import SCIM

/// What one resource is called at one endpoint: for whoever looks there for that resource alone, before a plan is made.
package struct EndpointIdentity: Sendable {
  /// An attribute there and the value that it has for this resource.
  package struct Tie: Hashable, Sendable {
    package var attribute: String
    package var value: String
  }

  /// From the strongest tie to the weakest: `externalId`, then the endpoint's correlation.
  package let ties: [Tie]
  /// As the endpoint is to hold them.
  package let attributes: JSONObject
  /// As mapped; nil for what has none.
  package let userName: String?

  /// nil when the endpoint is not to hold the resource: it lacks the type, or its scope leaves the resource out.
  package init?(of resource: DesiredResource, at declaration: EndpointDeclaration, _ capabilities: Capabilities) {
    var scope = EndpointScope(declaration, capabilities)
    guard let rules = scope.rules(of: resource.key.kind),
      let projected = scope.project([resource], as: rules, roles: [:]).first, projected.isInScope
    else { return nil }
    attributes = projected.attributes
    let attributes = attributes
    ties = Matcher(rules: rules, correlation: declaration.correlation).correlationAttributes.compactMap { name in
      let values = (try? AttributePath(parsing: name))?.values(in: attributes) ?? []
      guard let value = values.lazy.compactMap(\.string).first(where: { !$0.isEmpty }) else { return nil }
      return Tie(attribute: name, value: value)
    }
    userName = attributes["userName"]?.string
  }
}
