import JSON
import SCIM
import Synchronization

@testable import Endpoints

/// Any endpoint, with faults: calls fail before they are carried out, or after.
final class FaultyEndpoint: Endpoint {
  enum Call: String, Sendable, CaseIterable { case capabilities, page, read, find, create, update, delete }

  struct Fault: Sendable {
    enum Moment: Sendable {
      case before
      /// The call is carried out, and its caller does not learn of it.
      case after
    }

    var call: Call
    /// Which of the calls of this kind fail, counted from 1.
    var occurrences: ClosedRange<Int>
    var moment: Moment
    var error: EndpointError

    init(
      _ call: Call, on occurrences: ClosedRange<Int> = 1...Int.max, _ moment: Moment = .before, _ error: EndpointError
    ) {
      self.call = call
      self.occurrences = occurrences
      self.moment = moment
      self.error = error
    }
  }

  private let base: any Endpoint
  private let faults: [Fault]
  private let log = Mutex<[Call]>([])

  init(_ base: any Endpoint, _ faults: Fault...) {
    self.base = base
    self.faults = faults
  }

  var name: String { base.name }
  var ownUserName: String? { base.ownUserName }
  /// What was called, in order.
  var calls: [Call] { log.withLock { $0 } }

  func capabilities() async throws(EndpointError) -> Capabilities {
    try await run(.capabilities) { () throws(EndpointError) in try await base.capabilities() }
  }

  func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    try await run(.page) { () throws(EndpointError) in try await base.page(of: type, at: position) }
  }

  func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    try await run(.read) { () throws(EndpointError) in try await base.resource(id, of: type) }
  }

  func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    try await run(.find) { () throws(EndpointError) in try await base.find(type, where: attribute, equals: value) }
  }

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

  func close() async { await base.close() }

  private func run<Value>(
    _ call: Call, _ body: () async throws(EndpointError) -> Value
  ) async throws(EndpointError) -> Value {
    let occurrence = log.withLock { log in
      log.append(call)
      return log.count { $0 == call }
    }
    let due = faults.filter { $0.call == call && $0.occurrences.contains(occurrence) }
    if let fault = due.first(where: { $0.moment == .before }) { throw fault.error }
    let value = try await body()
    if let fault = due.first(where: { $0.moment == .after }) { throw fault.error }
    return value
  }
}
