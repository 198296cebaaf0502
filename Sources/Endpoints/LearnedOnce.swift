import Synchronization

/// What an endpoint is asked for once in the life of its driver.
final class LearnedOnce<Value: Sendable>: Sendable {
  private let known = Mutex<Value?>(nil)
  /// Lets one caller ask while the others wait for what it learns.
  private let asking = RequestWindow(size: 1)

  /// The value, asked for when nobody has done so with success.
  func value(_ learn: () async throws(EndpointError) -> Value) async throws(EndpointError) -> Value {
    if let value = known.withLock({ $0 }) { return value }
    return try await asking.withPlace { () throws(EndpointError) -> Value in
      if let value = known.withLock({ $0 }) { return value }
      let learned = try await learn()
      known.withLock { $0 = learned }
      return learned
    }
  }
}
