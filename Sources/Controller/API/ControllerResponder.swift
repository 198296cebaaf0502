import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Prometheus
import Reconciliation

/// Answers who asks a controller: `/health/live`, `/health/ready` and `/metrics` to everybody, ``ControllerCall``s to
/// those who may, `/webhook` to the Git server that has its secret.
struct ControllerResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  /// Who may send calls.
  enum Access: Sendable {
    /// Whoever can open the socket.
    case everybody
    /// Whoever has the token.
    case bearer(token: String)
    case nobody
  }

  /// In bytes; what goes with a call is short.
  private static let maxBodySize = 1 << 14
  /// In bytes: Git servers send the commits of a push with it.
  private static let maxWebhookSize = 1 << 25

  let operations: Operations
  let overview: ControllerOverview
  let access: Access
  /// nil where no webhook is taken.
  let webhook: WebhookSignature?

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    switch request.uri.path {
    case "/health/live": .json(.ok, ["status": "ok"])
    case "/health/ready": health
    case "/metrics": metrics
    case "/webhook": await wake(request)
    default: await answer(request)
    }
  }

  /// Ready once manifests were read, as long as the state can be.
  private var health: Response {
    let content = overview.content
    let isReady = content.source?.inForceSince != nil && content.isStateReachable
    return .json(isReady ? .ok : .serviceUnavailable, ["status": isReady ? "ok" : "unavailable"])
  }

  private var metrics: Response {
    Response(
      status: .ok, headers: [.contentType: PrometheusRegistry.contentType, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: overview.metrics.text(overview.content))))
  }

  private func wake(_ request: Request) async -> Response {
    guard let webhook else { return .refusal(.notFound, "no webhook is taken here: see --webhook-secret-env") }
    guard request.method == .post else { return .refusal(.methodNotAllowed, "this address takes POST") }
    guard let body = try? await request.body.collect(upTo: Self.maxWebhookSize) else {
      return .refusal(.contentTooLarge, "the body is too long")
    }
    let headers = request.headers
    let verdict = webhook.judge(body: Array(body.readableBytesView)) { name in
      HTTPField.Name(name).flatMap { headers[$0] }
    }
    guard verdict == .authentic else { return .refusal(.unauthorized, "the signature is missing or wrong") }
    operations.wakeSource()
    return .json(.accepted, ["status": "accepted"])
  }

  private func answer(_ request: Request) async -> Response {
    guard ControllerCall(path: request.uri.path) != nil else { return .refusal(.notFound, "there is no such address") }
    guard isAllowed(request) else {
      var response = Response.refusal(.unauthorized, "a bearer token is needed, as --api-token-env says")
      response.headers[.wwwAuthenticate] = "Bearer"
      return response
    }
    guard let parameters = await parameters(of: request) else {
      return .refusal(.badRequest, "the body must be a JSON object")
    }
    guard let call = ControllerCall(path: request.uri.path, parameters: parameters) else {
      return .refusal(.notFound, "there is no such address")
    }
    guard request.method == (call.isRead ? .get : .post) else {
      return .refusal(.methodNotAllowed, "this address takes \(call.isRead ? "GET" : "POST")")
    }
    return await perform(call, for: parameters["by"]?.string ?? "api")
  }

  private func perform(_ call: ControllerCall, for name: String) async -> Response {
    do throws(Operations.Refusal) {
      try await operations.perform(call, for: name)
    } catch {
      return .refusal(error.kind.status, error.message)
    }
    guard call.isRead else { return .json(.accepted, ["status": "accepted"]) }
    let content = overview.content
    var answer: JSONObject = [
      "controller": .string(overview.controller), "stateReachable": .bool(content.isStateReachable),
      "endpoints": .array(operations.statuses().map { .object($0.json) }),
    ]
    answer["source"] = content.source.map { .object($0.json) }
    return .json(.ok, .object(answer))
  }

  private func isAllowed(_ request: Request) -> Bool {
    switch access {
    case .everybody: return true
    case .nobody: return false
    case .bearer(let token):
      guard let words = request.headers[.authorization]?.split(separator: " ", maxSplits: 1), words.count == 2,
        words[0].lowercased() == "bearer"
      else { return false }
      // Digests take the same time to compare whatever is in them.
      return SHA256.hash(data: Data(words[1].utf8)) == SHA256.hash(data: Data(token.utf8))
    }
  }

  /// nil for a body that is not an object; none is an empty one.
  private func parameters(of request: Request) async -> JSONObject? {
    guard let body = try? await request.body.collect(upTo: Self.maxBodySize) else { return nil }
    guard body.readableBytes > 0 else { return [:] }
    return try? JSONValue(parsing: Array(body.readableBytesView)).object
  }
}

extension Operations.Refusal.Kind {
  fileprivate var status: HTTPResponse.Status {
    switch self {
    case .unknownEndpoint: .notFound
    case .nothingToApprove, .otherPlan: .conflict
    case .unavailable: .serviceUnavailable
    }
  }
}

extension Response {
  fileprivate static func json(_ status: HTTPResponse.Status, _ value: JSONValue) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.serialized())))
  }

  fileprivate static func refusal(_ status: HTTPResponse.Status, _ message: String) -> Response {
    .json(status, ["error": .string(message)])
  }
}
