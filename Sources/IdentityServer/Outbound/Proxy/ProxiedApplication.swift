import Endpoints
import Foundation
import HTTPTypes
import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// An application whose requests are carried out at its connectors and of which nothing is kept here (WSO2 Identity
/// Server calls it dumb mode).
///
/// The first connector that provisions a resource type leads: ids and answers are those of its endpoint. The others get
/// the same before it, so that a request that failed half-way can be sent again and then ends well.
struct ProxiedApplication: Sendable {
  /// In the order in which the application names them.
  let connectors: [Connector]
  let catalog: SchemaCatalog
  let endpoints: OpenEndpoints
  let trail: AccessTrail
  let author: Author
  let now: @Sendable () -> Date

  // MARK: Reading

  func resource(_ type: ResourceType, _ id: String) async throws -> Resource {
    let leader = try leader(of: type)
    return try await at(leader) { connector throws(EndpointError) in
      connector.told(try await connector.known(id, of: type), type)
    }
  }

  /// The resources of which an attribute that identifies them has this value.
  func find(_ type: ResourceType, where attribute: String, equals value: String) async throws -> [Resource] {
    let leader = try leader(of: type)
    return try await at(leader) { connector throws(EndpointError) in
      let wanted = connector.desired([attribute: .string(value)], type, id: "")
      return try await connector.find(wanted, by: attribute).map { connector.told($0, type) }
    }
  }

  // MARK: Writing

  func create(_ type: ResourceType, _ attributes: JSONObject) async throws -> Resource {
    let given = try normalized(attributes, type)
    return try await recorded("create", type, named: given) { reached in
      let (leader, others) = try takers(of: type, given)
      let key = ResourceKey(type.name, "new")
      try await at(leader) { connector throws(EndpointError) in
        guard try await connector.find(connector.desired(given, type, id: key.name)).isEmpty else {
          throw EndpointError(.conflict, "there is one of this name, or with this externalId, already")
        }
      }
      let change = ProxiedChange(type: type, key: key, before: nil, after: given, isReplacement: true)
      for other in others { try await carryOut(change, at: other, leader, &reached) }
      let id = try await at(leader, reached) { connector throws(EndpointError) in
        try await connector.fulfil(try await change.wish(at: connector, leading: connector, live: nil))
      }
      reached.append(leader.name)
      return try await resource(type, id ?? "")
    }
  }

  /// - Parameters:
  ///   - isReplacement: whether the new state is meant whole (PUT), so that others' members go too.
  ///   - change: the new state, by the state that is there.
  func update(
    _ type: ResourceType, _ id: String, isReplacement: Bool, matching: (String?) -> Bool = { _ in true },
    _ change: (Resource) throws -> JSONObject
  ) async throws -> Resource {
    let leader = try leader(of: type)
    let live = try await at(leader) { connector throws(EndpointError) in try await connector.known(id, of: type) }
    let before = try await at(leader) { connector throws(EndpointError) in connector.told(live, type) }
    guard matching(before.version) else { throw Self.otherVersion(type) }
    let after = try normalized(try change(before), type)
    return try await recorded("update", type, id, named: after) { reached in
      let (_, others) = try takers(of: type, after)
      let change = ProxiedChange(
        type: type, key: ResourceKey(type.name, id), before: before.attributes, after: after,
        isReplacement: isReplacement)
      for other in others { try await carryOut(change, at: other, leader, &reached) }
      let now = try await at(leader, reached) { connector throws(EndpointError) in
        try await connector.fulfil(try await change.wish(at: connector, leading: connector, live: live))
      }
      reached.append(leader.name)
      return try await resource(type, now ?? id)
    }
  }

  func delete(_ type: ResourceType, _ id: String, matching: (String?) -> Bool = { _ in true }) async throws {
    let leader = try leader(of: type)
    let live = try await at(leader) { connector throws(EndpointError) in try await connector.known(id, of: type) }
    guard matching(live.version) else { throw Self.otherVersion(type) }
    let before = try await at(leader) { connector throws(EndpointError) in connector.told(live, type).attributes }
    try await recorded("delete", type, id, named: before) { reached in
      let change = ProxiedChange(
        type: type, key: ResourceKey(type.name, id), before: before, after: nil, isReplacement: true)
      for other in connectors where other.kinds.contains(type.name) && other.name != leader.name {
        try await carryOut(change, at: other, leader, &reached)
      }
      _ = try await at(leader, reached) { connector throws(EndpointError) in
        try await connector.fulfil(try await change.wish(at: connector, leading: connector, live: live))
      }
      reached.append(leader.name)
    }
  }

  // MARK: One connector

  /// Brings a change to a connector that does not lead.
  private func carryOut(
    _ change: ProxiedChange, at other: Connector, _ leader: Connector, _ reached: inout [String]
  ) async throws {
    let leading = try await at(leader, reached) { connector throws(EndpointError) in connector }
    try await at(other, reached) { connector throws(EndpointError) in
      let found = try await connector.find(change.identity(at: connector))
      guard found.count < 2 else {
        throw EndpointError(.conflict, "more than one there is called so: \(found.map(\.id).joined(separator: ", "))")
      }
      guard change.after != nil || !found.isEmpty else { return }
      _ = try await connector.fulfil(try await change.wish(at: connector, leading: leading, live: found.first))
    }
    reached.append(other.name)
  }

  /// Works at a connector and says what its failure means to the client.
  private func at<Value: Sendable>(
    _ connector: Connector, _ reached: [String] = [],
    _ work: (ProxiedConnector) async throws(EndpointError) -> Value
  ) async throws -> Value {
    do throws(EndpointError) {
      let opened = try await endpoints.endpoint(of: connector)
      return try await work(
        ProxiedConnector(
          connector: connector, endpoint: opened.endpoint, capabilities: opened.capabilities, catalog: catalog,
          now: now))
    } catch {
      if error.concernsWholeEndpoint { await endpoints.forget(connector) }
      throw error.refusal(at: connector.name, reached: reached)
    }
  }

  /// - Throws: `SCIMError` 501 when no connector provisions the type.
  private func leader(of type: ResourceType) throws(SCIMError) -> Connector {
    guard let leader = connectors.first(where: { $0.kinds.contains(type.name) }) else {
      throw SCIMError(
        status: 501, nil,
        "Nothing of this application is kept here, and none of its connectors takes resources of type \(type.name).")
    }
    return leader
  }

  /// The leader, and those of the others that take the resource.
  private func takers(of type: ResourceType, _ attributes: JSONObject) throws(SCIMError) -> (Connector, [Connector]) {
    let leader = try leader(of: type)
    let resource = Resource(attributes)
    guard leader.filter.takes(resource, as: type, catalog) else {
      throw SCIMError(status: 403, nil, "The rules of the connector \(leader.name) do not take this \(type.name).")
    }
    return (
      leader,
      connectors.filter {
        $0.name != leader.name && $0.kinds.contains(type.name) && $0.filter.takes(resource, as: type, catalog)
      }
    )
  }

  private func normalized(_ attributes: JSONObject, _ type: ResourceType) throws(SCIMError) -> JSONObject {
    try ResourceValidator(type: type, catalog: catalog).normalized(attributes)
  }

  private static func otherVersion(_ type: ResourceType) -> SCIMError {
    SCIMError(status: 412, nil, "The \(type.name) has another version than the request expects.")
  }

  // MARK: The audit

  /// Does something and records what became of it: no event of the directory tells of it.
  private func recorded<Value: Sendable>(
    _ verb: String, _ type: ResourceType, _ id: String? = nil, named attributes: JSONObject,
    _ work: (inout [String]) async throws -> Value
  ) async throws -> Value {
    let name = ["userName", "displayName"].lazy.compactMap { attributes[$0]?.string }.first
    let what = [verb, type.name, id, name.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
    var reached: [String] = []
    do {
      let value = try await work(&reached)
      await trail.record(.proxied, by: author, "\(what) at \(reached.joined(separator: ", "))")
      return value
    } catch {
      let detail = (error as? Refusal)?.error.detail ?? (error as? SCIMError)?.detail ?? "\(error)"
      await trail.record(.proxied, by: author, "\(what) failed: \(detail)")
      throw error
    }
  }
}

extension ProxiedConnector {
  /// - Throws: `notFound` when there is none.
  fileprivate func known(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource {
    guard let live = try await resource(id, of: type) else {
      throw EndpointError(.notFound, status: 404, "there is no \(type.name) \(id)")
    }
    return live
  }
}

extension EndpointError {
  /// What the failure of a connector means to whoever sent the request.
  /// - Parameter reached: the connectors that have carried it out already.
  fileprivate func refusal(at connector: String, reached: [String]) -> Refusal {
    let (status, type): (Int, SCIMError.Kind?) =
      switch kind {
      case .notFound: (404, nil)
      case .conflict: (409, .uniqueness)
      case .stale: (412, nil)
      case .tooLarge: (413, nil)
      case .rejected: (400, .invalidValue)
      case .forbidden: (403, nil)
      case .timedOut: (504, nil)
      case .rateLimited, .unavailable: (503, nil)
      case .unreachable, .interrupted, .unauthorized, .malformed, .misconfigured, .cancelled: (502, nil)
      }
    let rest =
      reached.isEmpty
      ? "" : " It is done already at \(reached.joined(separator: ", ")); the same request again completes it."
    var refusal = Refusal(error: SCIMError(status: status, type, "\(connector): \(message).\(rest)"))
    if let wait = retryAfter { refusal.headers[.retryAfter] = String(wait.components.seconds + 1) }
    return refusal
  }
}
