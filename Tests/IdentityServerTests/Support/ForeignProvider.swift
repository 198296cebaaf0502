import Crypto
import CryptoExtras
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import JWTKit
import Logging
import NIOCore
import NIOHTTP1
import OpenID
import Synchronization

@testable import IdentityServer

/// An OpenID provider that does as a test wants: it signs in `eve`, by the code `the-code`, and says of her what it is told
/// to. It checks what a provider has to check.
final class ForeignProvider: Sendable {
  static let clientID = "rollcall"
  static let secret = "s3cret"
  static let code = "the-code"

  /// What it does otherwise than usual.
  struct Behaviour: Sendable {
    /// Changes what the ID token says.
    var claims: @Sendable (inout JSONObject) -> Void = { _ in }
    /// Changes what the token endpoint answers.
    var tokens: @Sendable (inout JSONObject) -> Void = { _ in }
    var metadata: @Sendable (inout JSONObject) -> Void = { _ in }
    /// What the userinfo endpoint adds to `sub`.
    var userInfo: @Sendable (inout JSONObject) -> Void = { _ in }
    var keySet: @Sendable (inout [JSONValue]) -> Void = { _ in }
    /// Makes a token of the claims.
    var sign: @Sendable (Keys, JSONObject) async throws -> String = { try await $0.signed($1) }
    var tokenStatus = 200
    /// Bytes that stand before every answer.
    var padding = 0
  }

  /// The keys that the provider may sign with.
  struct Keys: Sendable {
    let rsa: _RSA.Signing.PrivateKey
    let ellipticCurve: P256.Signing.PrivateKey
    var keyID = "key-1"

    func signed(_ claims: JSONObject, keyID: String? = "key-1", _ fields: [String: JWTHeaderField] = [:]) async throws
      -> String
    {
      let collection = JWTKeyCollection()
      await collection.add(rsa: try Insecure.RSA.PrivateKey(backing: rsa), digestAlgorithm: .sha256)
      return try await collection.sign(
        ClaimSet(claims), kid: keyID.map { JWKIdentifier(string: $0) }, header: JWTHeader(fields: fields))
    }

    func signedByEllipticCurve(_ claims: JSONObject) async throws -> String {
      let collection = JWTKeyCollection()
      await collection.add(ecdsa: try ES256PrivateKey(pem: ellipticCurve.pemRepresentation))
      return try await collection.sign(ClaimSet(claims), kid: "key-2")
    }

    /// Both, as a set.
    func published() throws -> [JSONValue] {
      let numbers = try rsa.publicKey.getKeyPrimitives()
      let point = ellipticCurve.publicKey.rawRepresentation
      return [
        [
          "kty": "RSA", "kid": .string(keyID), "use": "sig", "alg": "RS256",
          "n": .string(Base64URL.encoded(numbers.modulus)), "e": .string(Base64URL.encoded(numbers.publicExponent)),
        ],
        [
          "kty": "EC", "crv": "P-256", "kid": "key-2", "x": .string(Base64URL.encoded(point.prefix(32))),
          "y": .string(Base64URL.encoded(point.suffix(32))),
        ],
        ["kty": "oct", "kid": "key-3", "k": "c2VjcmV0"],
      ]
    }
  }

  private struct State {
    var behaviour = Behaviour()
    /// Of the request that was seen last.
    var nonce = ""
    var challenge = ""
    var requests: [String: Int] = [:]
  }

  static let keys = Result {
    Keys(rsa: try _RSA.Signing.PrivateKey(keySize: .bits2048), ellipticCurve: P256.Signing.PrivateKey())
  }

  /// The time that it takes for now.
  let now: Date
  private let state = Mutex(State())
  private let origin = Mutex("")

  init(now: Date) { self.now = now }

  var issuer: String { origin.withLock { $0 } }

  /// How often a path was asked for.
  func requests(_ path: String) -> Int { state.withLock { $0.requests[path] ?? 0 } }

  func behave(_ change: (inout Behaviour) -> Void) { state.withLock { change(&$0.behaviour) } }

  /// The request for authentication that the browser brings; what comes back is its answer.
  func note(_ request: [String: String]) {
    state.withLock { state in
      state.nonce = request["nonce"] ?? ""
      state.challenge = request["code_challenge"] ?? ""
    }
  }

  /// Runs the provider while the body is at work.
  func run(_ body: () async throws -> Void) async throws {
    let (ports, announce) = AsyncStream<Int>.makeStream()
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in try await self.respond(request) },
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in
        announce.yield(channel.localAddress?.port ?? 0)
        announce.finish()
      }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { do { try await application.run() } catch is CancellationError {} }
      for await port in ports { origin.withLock { $0 = "http://127.0.0.1:\(port)" } }
      try await body()
      group.cancelAll()
    }
  }

  private func respond(_ request: Request) async throws -> Response {
    let path = request.uri.path
    let behaviour = state.withLock { state in
      state.requests[path, default: 0] += 1
      return state.behaviour
    }
    switch path {
    case "/.well-known/openid-configuration": return Self.answer(metadata(behaviour), behaviour)
    case "/keys":
      var keys = try Self.keys.get().published()
      behaviour.keySet(&keys)
      return Self.answer(["keys": .array(keys)], behaviour)
    case "/token": return try await token(request, behaviour)
    case "/userinfo":
      guard request.headers[.authorization] == "Bearer the-access-token" else {
        return Self.answer([:], behaviour, 401)
      }
      var body: JSONObject = ["sub": "eve-1", "nickname": "Evie"]
      behaviour.userInfo(&body)
      return Self.answer(body, behaviour)
    default: return Self.answer([:], behaviour, 404)
    }
  }

  private func metadata(_ behaviour: Behaviour) -> JSONObject {
    var metadata: JSONObject = [
      "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/authorize"),
      "token_endpoint": .string(issuer + "/token"), "jwks_uri": .string(issuer + "/keys"),
      "userinfo_endpoint": .string(issuer + "/userinfo"), "authorization_response_iss_parameter_supported": true,
    ]
    behaviour.metadata(&metadata)
    return metadata
  }

  private func token(_ request: Request, _ behaviour: Behaviour) async throws -> Response {
    let form = try FormParameters(parsing: String(buffer: try await request.body.collect(upTo: 1 << 14))).values
    let credential = Data("\(Self.clientID):\(Self.secret)".utf8).base64EncodedString()
    let isInHeader = request.headers[.authorization] == "Basic \(credential)"
    let isInForm = form["client_id"] == Self.clientID && form["client_secret"] == Self.secret
    let (nonce, challenge) = state.withLock { ($0.nonce, $0.challenge) }
    guard isInHeader != isInForm, form["grant_type"] == "authorization_code", form["code"] == Self.code,
      CodeChallenge(checked: challenge).isAnswered(by: form["code_verifier"] ?? "")
    else { return Self.answer(["error": "invalid_grant", "error_description": "no <b>way</b>"], behaviour, 400) }
    let time = Int(now.timeIntervalSince1970)
    var claims: JSONObject = [
      "iss": .string(issuer), "sub": "eve-1", "aud": .string(Self.clientID), "nonce": .string(nonce),
      "iat": .number(JSONNumber(time)), "exp": .number(JSONNumber(time + 300)),
      "at_hash": .string(IDToken.hash(TokenSecret("the-access-token"))),
      "preferred_username": "eve", "email": "eve@other.example", "email_verified": true,
      "groups": ["admins", "staff"],
    ]
    behaviour.claims(&claims)
    var tokens: JSONObject = [
      "access_token": "the-access-token", "token_type": "Bearer",
      "id_token": .string(try await behaviour.sign(try Self.keys.get(), claims)),
    ]
    behaviour.tokens(&tokens)
    return Self.answer(tokens, behaviour, behaviour.tokenStatus)
  }

  private static func answer(_ body: JSONObject, _ behaviour: Behaviour, _ status: Int = 200) -> Response {
    let text = String(repeating: " ", count: behaviour.padding) + JSONValue.object(body).text
    return Response(
      status: .init(code: status), headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }
}

/// A server of ours that signs users in with a ``ForeignProvider``.
struct ForeignLogin {
  let server: ServerFixture
  let provider: ForeignProvider
  let party: RelyingParty
  let browser: TestBrowser

  /// - Parameters:
  ///   - policy: just-in-time provisioning.
  ///   - resource: more of the identity provider, or other than usual.
  static func run(
    _ setup: ServerSetup = ServerSetup(), policy: JSONObject = ["enabled": true], resource more: JSONObject = [:],
    _ test: (ForeignLogin) async throws -> Void
  ) async throws {
    let provider = ForeignProvider(now: setup.date())
    try await provider.run {
      try await withServer(setup) { server in
        let login = ForeignLogin(
          server: server, provider: provider, party: RelyingParty(server: server), browser: TestBrowser(server))
        try await login.prepare(policy, more)
        try await test(login)
      }
    }
  }

  private func prepare(_ policy: JSONObject, _ more: JSONObject) async throws {
    var resource: JSONObject = [
      "name": "other", "displayName": "Other", "justInTimeProvisioning": .object(policy),
      "authenticators": [
        [
          "type": "openidconnect", "clientId": .string(ForeignProvider.clientID),
          "clientSecret": .string(ForeignProvider.secret), "issuer": .string(provider.issuer),
        ]
      ],
      "claims": ["userId": "preferred_username", "roles": "groups"],
    ]
    for member in more { resource[member.key] = member.value }
    _ = try await server.send(.POST, "/IdentityProviders", .object(resource))
    _ = try await server.send(
      .POST, "/ServiceProviders",
      [
        "name": "app", "authentication": ["steps": [["federated": ["other"]]]],
        "inbound": [
          "openidconnect": [
            "clientId": "app", "clientSecret": "s3cret", "skipConsent": true,
            "redirectURIs": [.string(RelyingParty.redirectURI)],
          ]
        ],
      ])
  }

  /// A new browser for the same servers.
  func anew() -> ForeignLogin {
    ForeignLogin(server: server, provider: provider, party: party, browser: TestBrowser(server))
  }

  /// Goes to the provider; what it is asked for.
  func setOut() async throws -> [String: String] {
    let answer = try await browser.follow(try await browser.get(party.authorize()))
    provider.note(answer.redirected)
    return answer.redirected
  }

  /// Comes back with an answer to what was asked; an empty parameter is left out.
  func comeBack(_ asked: [String: String], _ changes: [String: String] = [:]) async throws -> Answer {
    let answer = ["code": ForeignProvider.code, "state": asked["state"] ?? "", "iss": provider.issuer]
      .merging(changes) { _, change in change }.filter { !$0.value.isEmpty }
    return try await browser.follow(try await browser.get("/commonauth?" + FormEncoding.encoded(answer)))
  }

  func signIn(_ changes: [String: String] = [:]) async throws -> Answer {
    try await comeBack(try await setOut(), changes)
  }

  var isSignedIn: Bool { browser.cookies.contains { $0.key.contains("session") && !$0.value.isEmpty } }

  func change(_ attributes: JSONObject) async throws {
    let id = try await server.find("/IdentityProviders", "name", "other")?.text("id") ?? ""
    let answer = try await server.send(
      .PATCH, "/IdentityProviders/\(id)",
      [
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [["op": "replace", "value": .object(attributes)]],
      ])
    guard answer.status == 200 else { throw FederatedServers.Unexpected(answer: answer.text) }
  }
}
