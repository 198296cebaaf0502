import Endpoints
import JSON
import SCIM
import Synchronization

/// Any endpoint, with calls counted, faults injected and moments to wait at.
final class TestEndpoint: Endpoint {
  enum Call: Sendable, CaseIterable { case page, create, update, delete }
  /// - Parameter number: which call of its kind this is, counted from 1.
  typealias Hook = @Sendable (_ call: Call, _ number: Int) async -> EndpointError?

  private struct Counts {
    var calls: [Call: Int] = [:]
    var inFlight = 0
    var mostInFlight = 0
  }

  private let base: any Endpoint
  private let before: Hook
  private let after: Hook
  private let closed: @Sendable () -> Void
  private let counts = Mutex(Counts())

  /// - Parameters:
  ///   - before: the error of a call that is not carried out.
  ///   - after: the error of a call that is carried out all the same.
  ///   - closed: told when the endpoint was closed.
  init(
    _ base: any Endpoint, before: @escaping Hook = { _, _ in nil }, after: @escaping Hook = { _, _ in nil },
    closed: @escaping @Sendable () -> Void = {}
  ) {
    self.base = base
    self.before = before
    self.after = after
    self.closed = closed
  }

  var name: String { base.name }
  var ownUserName: String? { base.ownUserName }
  var mostInFlight: Int { counts.withLock { $0.mostInFlight } }
  var inFlight: Int { counts.withLock { $0.inFlight } }
  var writes: Int { calls(.create) + calls(.update) + calls(.delete) }

  func calls(_ call: Call) -> Int { counts.withLock { $0.calls[call] ?? 0 } }

  func capabilities() async throws(EndpointError) -> Capabilities { try await base.capabilities() }

  func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    try await run(.page) { () throws(EndpointError) in try await base.page(of: type, at: position) }
  }

  func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    try await base.resource(id, of: type)
  }

  func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] { try await base.find(type, where: attribute, equals: value) }

  func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    try await run(.create) { () throws(EndpointError) in try await base.create(attributes, as: type) }
  }

  func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    try await run(.update) { () throws(EndpointError) in
      try await base.update(id, of: type, update, version: version)
    }
  }

  func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    try await run(.delete) { () throws(EndpointError) in try await base.delete(id, of: type, version: version) }
  }

  func close() async {
    await base.close()
    closed()
  }

  private func run<Value>(
    _ call: Call, _ body: () async throws(EndpointError) -> Value
  ) async throws(EndpointError) -> Value {
    let number = counts.withLock { counts in
      counts.inFlight += 1
      counts.mostInFlight = max(counts.mostInFlight, counts.inFlight)
      counts.calls[call, default: 0] += 1
      return counts.calls[call] ?? 0
    }
    defer { counts.withLock { $0.inFlight -= 1 } }
    if let error = await before(call, number) { throw error }
    let value = try await body()
    if let error = await after(call, number) { throw error }
    return value
  }
}

/// Lets callers go on in groups of so many.
actor Rendezvous {
  private let size: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(size: Int) { self.size = size }

  func meet() async {
    await withCheckedContinuation { continuation in
      waiting.append(continuation)
      guard waiting.count == size else { return }
      waiting.forEach { $0.resume() }
      waiting = []
    }
  }
}
