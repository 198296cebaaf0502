import LocalDirectory

/// How a connector is doing.
package struct ConnectorStatus: Sendable {
  package var state: ConnectorState
  /// How many events it has yet to deal with.
  package var behind: Int
  /// What it could not deliver.
  package var deliveries: [Delivery]
}

extension Directory {
  /// How every connector that ever worked is doing, by name.
  package func connectorStatuses(in store: any ProvisioningStore) async throws -> [ConnectorStatus] {
    let last = try await lastEvent()
    let deliveries = Dictionary(grouping: try await store.deliveries(of: nil), by: \.connector)
    return try await store.connectorStates().map { state in
      ConnectorStatus(state: state, behind: last - (state.cursor ?? 0), deliveries: deliveries[state.name] ?? [])
    }
  }
}
