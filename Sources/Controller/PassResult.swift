import Endpoints
import Logging
import Reconciliation

/// What became of one pass at one endpoint, for the log and for when the next one is due.
enum PassResult: Sendable {
  case inSync(drift: [ResourceKey])
  case applied(RunSummary, drift: [ResourceKey])
  case refused([Objection])
  case unreachable(EndpointError)
  /// Told to stop before anything was changed.
  case interrupted
  /// The ledger could not be read or written.
  case broken(String)

  /// Whether trying again soon may help; what a guardrail refused waits for other manifests.
  var isTransient: Bool {
    switch self {
    case .inSync, .refused, .interrupted: false
    case .applied(let summary, _): !summary.isComplete
    case .unreachable, .broken: true
    }
  }

  var level: Logger.Level {
    switch self {
    case .inSync(let drift): drift.isEmpty ? .info : .warning
    case .applied(let summary, _): summary.isComplete ? .info : .error
    case .interrupted: .info
    case .refused, .unreachable, .broken: .error
    }
  }

  /// One structured line a pass.
  func metadata(endpoint: String) -> Logger.Metadata {
    var line: Logger.Metadata = ["endpoint": "\(endpoint)"]
    switch self {
    case .inSync(let drift):
      line["result"] = "in-sync"
      line.add(drift: drift)
    case .applied(let summary, let drift):
      let applied = summary.results.count { $0.outcome.isApplied }
      line["result"] = summary.isComplete ? "applied" : "partial"
      line["run"] = "\(summary.run)"
      line["applied"] = "\(applied)"
      line["failed"] = "\(summary.results.count - applied)"
      line["seconds"] = "\((summary.duration * 100).rounded() / 100)"
      line.add(drift: drift)
    case .refused(let objections):
      line["result"] = "refused"
      line["because"] = "\(objections.map(\.message).joined(separator: "; "))"
    case .unreachable(let error):
      line["result"] = "unreachable"
      line["because"] = "\(error.message)"
    case .interrupted: line["result"] = "interrupted"
    case .broken(let reason):
      line["result"] = "broken"
      line["because"] = "\(reason)"
    }
    return line
  }
}

extension Logger.Metadata {
  /// As many names as a line can hold, and how many there are.
  fileprivate mutating func add(drift: [ResourceKey]) {
    self["drift"] = "\(drift.count)"
    guard !drift.isEmpty else { return }
    self["drifted"] = "\(drift.prefix(10).map(\.description).joined(separator: ", "))"
  }
}

extension RunSummary {
  /// Whether every change is in force now.
  fileprivate var isComplete: Bool { results.allSatisfy(\.outcome.isApplied) }
}

extension Outcome {
  /// Whether the change is in force now.
  package var isApplied: Bool { if case .applied = self { true } else { false } }
}
