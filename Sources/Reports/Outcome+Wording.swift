import Reconciliation

extension Outcome {
  /// One word for machines.
  var name: String {
    switch self {
    case .applied: "applied"
    case .failed: "failed"
    case .skipped: "skipped"
    case .stale: "stale"
    case .cancelled: "cancelled"
    }
  }

  /// What went wrong; empty for what went as planned.
  var words: String {
    switch self {
    case .applied: ""
    case .failed(let reason): reason.isEmpty ? "failed" : reason
    case .skipped(let key): "skipped because of \(key)"
    case .stale: "changed at the endpoint since it was read; the next run looks again"
    case .cancelled: "not begun: the run was interrupted"
    }
  }
}

extension RunSummary {
  /// What became of an endpoint's changes, in their order.
  func outcomes(at endpoint: String) -> [Outcome] {
    endpoints.first { $0.endpoint == endpoint }?.results.map(\.outcome) ?? []
  }
}
