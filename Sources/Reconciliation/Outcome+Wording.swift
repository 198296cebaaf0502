extension Outcome {
  /// One word for machines.
  package var name: String {
    switch self {
    case .applied: "applied"
    case .failed: "failed"
    case .skipped: "skipped"
    case .stale: "stale"
    case .cancelled: "cancelled"
    }
  }

  /// What went wrong; empty for what went as planned.
  package var words: String {
    switch self {
    case .applied: ""
    case .failed(let reason): reason.isEmpty ? "failed" : reason
    case .skipped(let key): "skipped because of \(key)"
    case .stale: "changed at the endpoint since it was read; the next run looks again"
    case .cancelled: "not begun: the run was interrupted"
    }
  }
}
