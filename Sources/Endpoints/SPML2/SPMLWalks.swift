import SCIM
import Synchronization

/// The searches that are being read part by part.
final class SPMLWalks: Sendable {
  /// Where a search stands.
  struct Walk: Sendable {
    /// What the provider knows the rest of its result by.
    var iterator: String
    /// The objects that have been told already.
    var seen: Set<String>
    /// How often the search was begun anew, because its rest was lost.
    var restarts = 0
  }

  private struct State {
    var walks: [String: Walk] = [:]
    var count = 0
  }

  private let state = Mutex(State())

  /// Keeps a walk until it goes on.
  /// - Returns: where it goes on.
  func keep(_ walk: Walk) -> PagePosition {
    state.withLock { state in
      state.count += 1
      let name = "search-\(state.count)"
      state.walks[name] = walk
      return .cursor(name)
    }
  }

  /// The walk at this position, which goes on once only.
  func take(_ position: PagePosition) -> Walk? {
    guard case .cursor(let name) = position else { return nil }
    return state.withLock { $0.walks.removeValue(forKey: name) }
  }

  /// The iterators of all walks that were not read to their end.
  func takeIterators() -> [String] {
    state.withLock { state in
      defer { state.walks = [:] }
      return state.walks.sorted { $0.key < $1.key }.map(\.value.iterator)
    }
  }
}
