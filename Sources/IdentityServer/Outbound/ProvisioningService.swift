import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// Shows administrators how outbound provisioning is doing and lets them see to what could not be delivered:
///
/// - `GET …/connectors`: every connector, how far it is and what is wrong
/// - `GET …/queue?connector=`: what could not be delivered
/// - `POST …/queue/retry`, `POST …/queue/drop` with `{"connector": …, "id": …}`; without an id, all of the connector
struct ProvisioningService: WebService {
  /// Where the server's own interfaces are, apart from those of any protocol.
  static let base = "/api/rollcall/v1/provisioning"
  private static let maxBodySize = 64 << 10

  private let provisioning: OutboundProvisioning?

  /// - Parameter provisioning: nil for a server that provisions nothing, which has none of this.
  init(_ provisioning: OutboundProvisioning?) { self.provisioning = provisioning }

  func owns(_ path: String) -> Bool {
    provisioning != nil && (path == Self.base || path.hasPrefix(Self.base + "/"))
  }

  func respond(to exchange: Exchange) async throws -> Response {
    guard let provisioning else { throw Refusal.notFound }
    guard try await exchange.authenticated().isAdministrator else { throw Refusal.forbidden }
    let request = exchange.request
    switch String(request.uri.path.dropFirst(Self.base.count)) {
    case "/connectors":
      try Self.check(request, .get)
      return .plain(.ok, ["connectors": .array(try await provisioning.statuses().map(\.json))])
    case "/queue":
      try Self.check(request, .get)
      let connector = try QueryParameters(request.uri.query)["connector"]
      let deliveries = try await provisioning.surroundings.store.deliveries(of: connector)
      return .plain(.ok, ["deliveries": .array(deliveries.map(\.json))])
    case "/queue/retry":
      try Self.check(request, .post)
      let (connector, id) = try await wanted(request)
      return counted(try await provisioning.retry(connector, id: id))
    case "/queue/drop":
      try Self.check(request, .post)
      let (connector, id) = try await wanted(request)
      return counted(try await provisioning.surroundings.store.dropDeliveries(of: connector, id: id))
    default: throw Refusal.notFound
    }
  }

  func response(to refusal: Refusal) -> Response { .scim(refusal.error, headers: refusal.headers) }

  private func counted(_ count: Int) -> Response { .plain(.ok, ["count": .number(JSONNumber(count))]) }

  private func wanted(_ request: Request) async throws -> (connector: String, id: String?) {
    let body = try await request.object(maxSize: Self.maxBodySize)
    guard let connector = body["connector"]?.string else {
      throw SCIMError(status: 400, .invalidValue, "The body must name a connector, as /connectors does.")
    }
    return (connector, body["id"]?.string)
  }

  private static func check(_ request: Request, _ method: HTTPRequest.Method) throws(Refusal) {
    guard request.method == method else { throw Refusal.methodNotAllowed([method]) }
  }
}

extension ConnectorStatus {
  /// As the interface and the command tell it.
  package var json: JSONValue {
    var object: JSONObject = [
      "name": .string(state.name), "eventsBehind": .number(JSONNumber(behind)),
      "waiting": .number(JSONNumber(deliveries.count { $0.state == .waiting })),
      "dead": .number(JSONNumber(deliveries.count { $0.state == .dead })),
    ]
    object["lastFullPass"] = state.passedAt.map { .string(Timestamp.text($0)) }
    object["failure"] = state.failure.map { failure in
      [
        "reason": .string(failure.reason), "count": .number(JSONNumber(failure.count)),
        "retryAt": .string(Timestamp.text(failure.retryAt)),
      ]
    }
    return .object(object)
  }
}

extension Delivery {
  /// As the interface and the command tell it.
  package var json: JSONValue {
    [
      "connector": .string(connector), "resourceType": .string(type), "id": .string(id),
      "state": .string(state.rawValue), "attempts": .number(JSONNumber(attempts)),
      "since": .string(Timestamp.text(since)), "dueAt": .string(Timestamp.text(dueAt)), "reason": .string(reason),
    ]
  }
}
