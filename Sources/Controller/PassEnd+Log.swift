import Endpoints
import Logging
import Reconciliation

extension PassEnd {
  var level: Logger.Level {
    switch result {
    case .inSync: reported.isEmpty ? .info : .warning
    case .applied(let summary): summary.isComplete ? .info : .error
    case .interrupted: .info
    case .leased: .debug
    case .refused, .unreachable, .broken: .error
    }
  }

  /// One structured line a pass.
  func metadata(endpoint: String) -> Logger.Metadata {
    var line: Logger.Metadata = ["endpoint": "\(endpoint)", "result": "\(word)"]
    switch result {
    case .inSync: line.add(drift: corrected + reported)
    case .applied(let summary):
      let applied = summary.results.count { $0.outcome.isApplied }
      line["run"] = "\(summary.run)"
      line["applied"] = .stringConvertible(applied)
      line["failed"] = .stringConvertible(summary.results.count - applied)
      line["seconds"] = .stringConvertible((summary.duration * 100).rounded() / 100)
      line.add(drift: corrected + reported)
    case .refused(let objections, let plan):
      line["because"] = "\(objections.map(\.message).joined(separator: "; "))"
      line["plan"] = "\(plan.prefix(12))"
    case .unreachable(let error): line["because"] = "\(error.message)"
    case .leased(let holder): line["holder"] = "\(holder)"
    case .interrupted: break
    case .broken(let reason): line["because"] = "\(reason)"
    }
    return line
  }

  /// The result in one word, as logs and metrics name it.
  var word: String {
    switch result {
    case .inSync: "in-sync"
    case .applied(let summary): summary.isComplete ? "applied" : "partial"
    case .refused: "refused"
    case .unreachable: "unreachable"
    case .leased: "leased"
    case .interrupted: "interrupted"
    case .broken: "broken"
    }
  }
}

extension Logger.Metadata {
  /// As many names as a line can hold, and how many there are.
  fileprivate mutating func add(drift: [ResourceKey]) {
    self["drift"] = .stringConvertible(drift.count)
    guard !drift.isEmpty else { return }
    self["drifted"] = "\(drift.prefix(10).map(\.description).joined(separator: ", "))"
  }
}
