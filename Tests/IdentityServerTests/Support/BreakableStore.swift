import LocalDirectory
import Synchronization

/// A store whose disk may fail.
struct BreakableStore: DirectoryStore {
  struct Failure: PassingFailure {
    let mayPass = false
  }

  let store: InMemoryDirectoryStore
  let isBroken: Switch

  func read<Value: Sendable>(_ body: @escaping @Sendable (any DirectoryReader) throws -> Value) async throws -> Value {
    guard !isBroken.isOn else { throw Failure() }
    return try await store.read(body)
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (any DirectoryTransaction) throws -> Value
  ) async throws -> Value {
    guard !isBroken.isOn else { throw Failure() }
    return try await store.write(body)
  }
}

final class Switch: Sendable {
  private let state = Mutex(false)

  var isOn: Bool { state.withLock(\.self) }

  func turnOn() { state.withLock { $0 = true } }

  func turnOff() { state.withLock { $0 = false } }
}
