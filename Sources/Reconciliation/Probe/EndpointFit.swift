import SCIM

/// Finds what of a desired state an endpoint cannot hold, before anything is read there.
package struct EndpointFit {
  /// One thing that cannot be held, at the first document that asks for it.
  package struct Misfit: Hashable, Sendable {
    package var message: String
    package var key: ResourceKey
    package var location: SourceLocation
    /// How many more documents ask for it.
    package var others: Int
  }

  private let declaration: EndpointDeclaration
  private let capabilities: Capabilities

  package init(_ declaration: EndpointDeclaration, _ capabilities: Capabilities) {
    self.declaration = declaration
    self.capabilities = capabilities
  }

  /// In the order of their places.
  package func misfits(in desired: DesiredState) -> [Misfit] {
    Dictionary(grouping: desired.resources, by: \.key.kind).flatMap { kind, resources in misfits(kind, resources) }
      .sorted { ($0.location, $0.message) < ($1.location, $1.message) }
  }

  private func misfits(_ kind: String, _ resources: [DesiredResource]) -> [Misfit] {
    var scope = EndpointScope(declaration, capabilities)
    guard let rules = scope.rules(of: kind) else {
      scope.sayMissing(kind, count: resources.count)
      return scope.limitations.compactMap { misfit($0, of: resources) }
    }
    let messages = messages(resources, rules)
    return messages.sorted().compactMap { message in
      misfit(message, of: resources.filter { self.messages([$0], rules).contains(message) })
    }
  }

  private func messages(_ resources: [DesiredResource], _ rules: TypeRules) -> Set<String> {
    var scope = EndpointScope(declaration, capabilities)
    let taken = scope.project(resources, as: rules, roles: [:]).filter(\.isInScope)
    for member in taken.lazy.compactMap(\.desired.members).flatMap(\.references)
    where rules.membershipAttribute(for: member.key.kind) == nil {
      scope.say("\(rules.type.name) cannot have a \(member.key.kind) as a member there: left out")
    }
    return scope.limitations
  }

  private func misfit(_ message: String, of resources: [DesiredResource]) -> Misfit? {
    resources.min { $0.location < $1.location }.map {
      Misfit(message: message, key: $0.key, location: $0.location, others: resources.count - 1)
    }
  }
}
