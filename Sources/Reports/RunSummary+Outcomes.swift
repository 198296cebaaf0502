import Reconciliation

extension RunSummary {
  /// What became of an endpoint's changes, in their order.
  func outcomes(at endpoint: String) -> [Outcome] {
    endpoints.first { $0.endpoint == endpoint }?.results.map(\.outcome) ?? []
  }
}
