import JSON
import Synchronization

/// What was seen of the accounts at Google: their addresses, by which members and managers are told there, and the lists
/// that we manage one entry of, so that a change does not have to read them again.
final class GoogleKnowledge: Sendable {
  private struct State {
    var addresses: [String: String] = [:]
    var ids: [String: String] = [:]
    var lists: [String: JSONObject] = [:]
    /// By role, and then by who has it.
    var assignments: [String: [String: String]] = [:]
    /// When what we made was made.
    var created: [String: Duration] = [:]
  }

  private let state = Mutex(State())

  /// Takes note of a user or group as the Directory API tells it.
  func learn(_ account: JSONObject) {
    guard let id = account["id"]?.string else { return }
    let address = account["primaryEmail"]?.string ?? account["email"]?.string
    let aliases = (account["aliases"]?.array ?? []).compactMap(\.string)
    state.withLock { state in
      if let address { state.addresses[id] = address }
      for name in aliases + [address].compactMap({ $0 }) { state.ids[name.lowercased()] = id }
      state.lists[id] = JSONObject(uniqueMembers: account.members.filter { Self.shared.contains($0.key) })
    }
  }

  func address(of id: String) -> String? { state.withLock { $0.addresses[id] } }
  func id(of address: String) -> String? { state.withLock { $0.ids[address.lowercased()] } }

  /// The lists of an account that are only partly ours, and its aliases; nil when it was never seen.
  func lists(of id: String) -> JSONObject? { state.withLock { $0.lists[id] } }

  /// Takes note of an alias that was given or taken away.
  func learn(alias: String, of id: String, isThere: Bool) {
    state.withLock { state in
      let others = (state.lists[id]?["aliases"]?.array ?? []).filter { $0.string != alias }
      state.lists[id]?["aliases"] = .array(isThere ? others + [.string(alias)] : others)
    }
  }

  // MARK: Role assignments

  /// - Parameter id: nil forgets the assignment.
  func learn(assignment id: String?, of role: String, to assignee: String) {
    state.withLock { $0.assignments[role, default: [:]][assignee] = id }
  }

  func assignment(of role: String, to assignee: String) -> String? {
    state.withLock { $0.assignments[role]?[assignee] }
  }

  // MARK: What is new

  func noteCreation(of id: String, at moment: Duration) { state.withLock { $0.created[id] = moment } }

  /// Whether one of these was made by us not long ago, so that not every part of Google knows it yet.
  func isNew(_ ids: [String], at moment: Duration) -> Bool {
    state.withLock { state in
      ids.contains { id in state.created[id].map { moment - $0 < Self.propagation } ?? false }
    }
  }

  private static let propagation = Duration.seconds(300)
  private static let shared: Set<String> = [
    "aliases", "externalIds", "languages", "organizations", "primaryEmail", "relations",
  ]
}
