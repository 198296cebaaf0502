import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Synchronization

/// A strict server that speaks as Vault's documentation says: KV version 2 below `secret`, `team one/kv` and, of version 1,
/// `version1`; a login by Kubernetes below `auth/kubernetes`, as role `rollcall` alone.
final class VaultTestServer: Sendable {
  private struct State {
    var tokens: Set<String>
    var logins = 0
    var paths: [String] = []
  }

  private let namespace: String?
  private let identity: String?
  private let state: Mutex<State>

  init(tokens: Set<String>, namespace: String? = nil, identity: String? = nil) {
    self.namespace = namespace
    self.identity = identity
    state = Mutex(State(tokens: tokens))
  }

  var logins: Int { state.withLock(\.logins) }
  var paths: [String] { state.withLock(\.paths) }

  /// Takes every token out of use.
  func revoke() { state.withLock { $0.tokens = [] } }

  func run(_ body: @escaping @Sendable (_ url: String) async throws -> Void) async throws {
    try await LoopbackServer.run({ request in try await self.answer(request) }, body)
  }

  private func answer(_ request: Request) async throws -> Response {
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { request.headers[$0] } }
    guard header("X-Vault-Request") == "true" else { return .test(412, text: #"{"errors":["required header"]}"#) }
    guard header("X-Vault-Namespace") == namespace else { return Self.denied }
    if request.uri.path == "/v1/auth/kubernetes/login" { return try await logIn(request) }
    state.withLock { $0.paths.append(request.uri.path) }
    let isKnown = state.withLock { state in header("X-Vault-Token").map(state.tokens.contains) ?? false }
    guard request.method == .get, isKnown else { return Self.denied }
    return Self.read(request.uri.path)
  }

  private func logIn(_ request: Request) async throws -> Response {
    let bytes = try await request.body.collect(upTo: 1 << 16)
    let body = try JSONValue(parsing: Array(bytes.readableBytesView))
    guard request.method == .post, header(request) == "application/json", let identity,
      body["jwt"]?.string == identity
    else { return Self.denied }
    guard body["role"] == "rollcall" else {
      return .test(400, text: #"{"errors":["invalid role name \"\#(body["role"]?.string ?? "")\""]}"#)
    }
    let token = state.withLock { state in
      state.logins += 1
      let token = "hvs.canary-\(state.logins)"
      state.tokens.insert(token)
      return token
    }
    return .test(200, text: #"{"auth":{"client_token":"\#(token)","lease_duration":3600,"renewable":true}}"#)
  }

  private func header(_ request: Request) -> String? { request.headers[.contentType] }

  private static let denied = Response.test(403, text: #"{"errors":["1 error occurred:\n\t* permission denied\n\n"]}"#)

  private static func secret(_ values: String) -> Response {
    .test(
      200,
      text: """
        {"request_id":"x","lease_id":"","renewable":false,"lease_duration":0,"data":{"data":\(values),"metadata":
        {"created_time":"2026-11-01T00:00:00Z","custom_metadata":null,"deletion_time":"","destroyed":false,"version":2}},
        "wrap_info":null,"warnings":null,"auth":null}
        """)
  }

  private static func read(_ path: String) -> Response {
    switch path {
    case "/v1/secret/data/people": secret(#"{"password":"hush","port":8080}"#)
    case "/v1/team%20one/kv/data/deep/er": secret(#"{"a":"b"}"#)
    case "/v1/version1/data/people": .test(200, text: #"{"data":{"password":"hush"}}"#)
    case "/v1/secret/data/deleted":
      .test(
        404,
        text: """
          {"data":{"data":null,"metadata":{"deletion_time":"2026-11-02T00:00:00Z","destroyed":false,"version":3}}}
          """)
    case "/v1/secret/people":
      .test(
        404,
        text: """
          {"errors":[],"warnings":["Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API \
          endpoints to use."]}
          """)
    case "/v1/secret/data/forbidden": denied
    case "/v1/secret/data/sealed": .test(503, text: #"{"errors":["Vault is sealed"]}"#)
    case "/v1/secret/data/standby": .test(307, headers: ["Location": "https://active.example/v1/secret/data/standby"])
    case "/v1/secret/data/page": .test(502, text: "<html>hush</html>")
    default: .test(404, text: #"{"errors":[]}"#)
    }
  }
}

/// A time of day that only a test moves.
final class SettableDate: Sendable {
  private let date = Mutex(Date(timeIntervalSince1970: 1_780_000_000))

  var now: Date { date.withLock { $0 } }

  /// - Parameter seconds: how far.
  func advance(_ seconds: TimeInterval) { date.withLock { $0 += seconds } }
}
