import Foundation
import JSON

/// Finds in the journal who brought somebody into groups and roles at one endpoint.
package struct MembershipHistory: Sendable {
  /// The run that added somebody last.
  package struct Addition: Hashable, Sendable {
    package var run: String
    package var time: Date
    /// nil where the journal does not tell: in what the first release wrote.
    package var actor: String?
    package var commit: String?
  }

  private struct Attempt: Hashable {
    var run: String
    var key: ResourceKey
  }

  /// By group or role, and by the member's name as changes tell it.
  private var additions: [ResourceKey: [String: Addition]] = [:]
  private let endpoint: String
  private var headers: [String: RunHeader] = [:]
  /// What was begun and has not ended.
  private var open: [Attempt: JournalRecord] = [:]

  package init(of endpoint: String) { self.endpoint = endpoint }

  package func addition(of member: String, to container: ResourceKey) -> Addition? { additions[container]?[member] }

  /// Takes note of a line; they come in their order.
  package mutating func read(_ line: JournalLine) {
    switch line {
    case .begun(let header): headers[header.run] = header
    case .ended(let end): headers[end.run] = nil
    case .decision: break
    case .change(let record):
      guard record.endpoint == endpoint else { return }
      let attempt = Attempt(run: record.run, key: record.key)
      switch record.phase {
      case .intent: if record.detail != nil { open[attempt] = record }
      case .fact:
        guard let intent = open.removeValue(forKey: attempt), record.outcome == "applied" else { return }
        apply(intent)
      }
    }
  }

  private mutating func apply(_ record: JournalRecord) {
    if record.action == .delete { return additions[record.key] = nil }
    let header = headers[record.run]
    for change in record.detail?.attributes ?? [] where ["members", "users", "groups"].contains(change.path) {
      for leaver in change.before?.array ?? [] { if let name = leaver.string { additions[record.key]?[name] = nil } }
      for newcomer in change.after?.array ?? [] {
        guard let name = newcomer.string else { continue }
        additions[record.key, default: [:]][name] = Addition(
          run: record.run, time: record.time, actor: header?.actor, commit: header?.commit)
      }
    }
  }
}
