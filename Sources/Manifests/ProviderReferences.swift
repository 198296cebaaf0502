import Reconciliation

extension AttributeWalker {
  /// Notes where service and identity providers name other documents: in their schemas these are plain strings, which
  /// nothing else would look up.
  mutating func referToProviders(in spec: YAMLNode) {
    for step in spec["authentication"]?["steps"]?.items ?? [] {
      for name in step["federated"]?.items ?? [] { refer(to: .identityProvider, name) }
    }
    for provisioning in spec["outboundProvisioning"]?.items ?? [] {
      refer(to: .identityProvider, provisioning["identityProvider"])
    }
    for connector in spec["provisioning"]?["connectors"]?.items ?? [] { refer(to: .endpoint, connector["endpoint"]) }
  }

  private mutating func refer(to kind: ManifestKind, _ node: YAMLNode?) {
    guard let node, let name = node.text, !node.isNull else { return }
    references.append(PendingReference(key: ResourceKey(kind.rawValue, name), mark: node.mark))
  }
}
