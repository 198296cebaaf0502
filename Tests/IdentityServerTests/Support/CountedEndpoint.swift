import Endpoints
import JSON
import SCIM
import Synchronization

/// An endpoint whose calls are counted, and may be refused.
final class CountedEndpoint: Endpoint {
  enum Call: String, Sendable { case page, resource, find, create, update, delete }

  /// The switches and counts of all connections to one endpoint.
  final class Gate: Sendable {
    private let calls = Mutex<[Call]>([])
    private let refusal = Mutex<(@Sendable (Call, JSONObject) -> EndpointError?)?>(nil)
    private let event = Mutex<(@Sendable () async -> Void)?>(nil)

    var writes: [Call] { calls.withLock { $0.filter { [.create, .update, .delete].contains($0) } } }
    var all: [Call] { calls.withLock { $0 } }
    func forget() { calls.withLock { $0 = [] } }

    /// - Parameter refusal: the error of a call with these attributes; nil lets all through.
    func refuse(_ refusal: (@Sendable (Call, JSONObject) -> EndpointError?)?) { self.refusal.withLock { $0 = refusal } }

    /// What is to happen, once, while the endpoint is asked what it can do: that is what all work begins with.
    func meanwhile(_ event: @escaping @Sendable () async -> Void) { self.event.withLock { $0 = event } }

    fileprivate func letHappen() async {
      let event = event.withLock { event in
        defer { event = nil }
        return event
      }
      await event?()
    }

    fileprivate func pass(_ call: Call, _ attributes: JSONObject = [:]) throws(EndpointError) {
      calls.withLock { $0.append(call) }
      if let error = refusal.withLock({ $0 })?(call, attributes) { throw error }
    }
  }

  private let base: any Endpoint
  private let gate: Gate

  init(_ base: any Endpoint, _ gate: Gate) {
    self.base = base
    self.gate = gate
  }

  var name: String { base.name }
  var ownUserName: String? { base.ownUserName }

  func capabilities() async throws(EndpointError) -> Capabilities {
    await gate.letHappen()
    return try await base.capabilities()
  }

  func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    try gate.pass(.page)
    return try await base.page(of: type, at: position)
  }

  func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    try gate.pass(.resource)
    return try await base.resource(id, of: type)
  }

  func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    try gate.pass(.find)
    return try await base.find(type, where: attribute, equals: value)
  }

  func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    try gate.pass(.create, attributes)
    return try await base.create(attributes, as: type)
  }

  func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    try gate.pass(.update)
    return try await base.update(id, of: type, update, version: version)
  }

  func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    try gate.pass(.delete)
    try await base.delete(id, of: type, version: version)
  }

  func close() async { await base.close() }
}
