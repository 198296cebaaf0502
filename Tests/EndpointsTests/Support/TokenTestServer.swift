import CryptoExtras
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import JWTKit
import Reconciliation
import Synchronization
import Testing

@testable import Endpoints

/// A strict token endpoint at `/token`, with whatever it guards at all other paths.
struct TokenTestServer: Sendable {
  /// What a client of the assertion grant has to say.
  struct Claims: JWTPayload {
    let iss: IssuerClaim
    let sub: SubjectClaim
    let aud: AudienceClaim
    let scope: String?
    let iat: IssuedAtClaim
    let exp: ExpirationClaim

    func verify(using algorithm: some JWTAlgorithm) {}
  }

  static let key = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
  static let clientID = "rollcall:client"
  static let clientSecret = "s3cret / client"
  static let now = Date(timeIntervalSince1970: 1_700_000_000)

  let faults = FaultPlan()
  /// Seconds; nil says nothing.
  var lifetime: Int?
  private let given = Tokens()

  /// Takes the tokens given so far out of use.
  func revoke() { given.current.withLock { $0.removeAll() } }

  /// The tokens that were given, in their order.
  var tokens: [String] { given.all.withLock { $0 } }

  private final class Tokens: Sendable {
    let current = Mutex<Set<String>>([])
    let all = Mutex<[String]>([])
  }

  /// Runs the server while the body is at work.
  /// - Parameter guarded: answers what comes with a token that counts.
  func run(
    guarded: @escaping @Sendable (Request) async throws -> Response = { _ in .test(200, text: "{}") },
    _ body: @escaping @Sendable (_ url: String) async throws -> Void
  ) async throws {
    try await LoopbackServer.run(
      { request in
        guard request.uri.path == "/token" else {
          let token = request.headers[.authorization]?.dropFirst("Bearer ".count)
          let isKnown = token.map { token in given.current.withLock { $0.contains(String(token)) } } ?? false
          guard isKnown else { return .test(401, text: #"{"error":{"code":401,"message":"Invalid Credentials"}}"#) }
          return try await guarded(request)
        }
        return try await faults.respond(to: request) { await self.answer(request) }
      }, body)
  }

  private func answer(_ request: Request) async -> Response {
    do {
      let bytes = try await request.body.collect(upTo: 1 << 16)
      return try await give(request, Self.form(String(buffer: bytes)))
    } catch {
      return Self.refusal(400, "invalid_grant", "\(error)")
    }
  }

  private func give(_ request: Request, _ form: [String: String]) async throws -> Response {
    guard request.method == .post, request.headers[.contentType] == "application/x-www-form-urlencoded",
      request.headers[.accept] == "application/json"
    else { return Self.refusal(400, "invalid_request", "not a form") }
    switch form["grant_type"] {
    case "client_credentials":
      let credential = "rollcall%3Aclient:s3cret%20%2F%20client"
      guard request.headers[.authorization] == "Basic " + Data(credential.utf8).base64EncodedString() else {
        return Self.refusal(401, "invalid_client", "")
      }
    case "urn:ietf:params:oauth:grant-type:jwt-bearer":
      try await check(form["assertion"] ?? "", request)
    default: return Self.refusal(400, "unsupported_grant_type", "")
    }
    let token = "token-\(given.all.withLock { $0.count })"
    given.all.withLock { $0.append(token) }
    _ = given.current.withLock { $0.insert(token) }
    var answer: JSONObject = ["access_token": .string(token), "token_type": "Bearer"]
    answer["expires_in"] = lifetime.map { .number(JSONNumber($0)) }
    return .test(200, text: String(decoding: answer.serialized(), as: UTF8.self))
  }

  private struct Wrong: Error { let what: String }

  private func check(_ assertion: String, _ request: Request) async throws {
    let keys = await JWTKeyCollection().add(
      rsa: try Insecure.RSA.PublicKey(pem: Self.key.get().publicKey.pemRepresentation), digestAlgorithm: .sha256)
    let claims = try await keys.verify(assertion, as: Claims.self)
    guard claims.iss.value == "robot@project.example", claims.sub.value == "admin@corp.example" else {
      throw Wrong(what: "who")
    }
    guard claims.aud.value.count == 1, claims.aud.value[0].hasSuffix("/token"), claims.scope == "one two" else {
      throw Wrong(what: "what for")
    }
    guard claims.iat.value <= Self.now, claims.exp.value > Self.now,
      claims.exp.value <= Self.now.addingTimeInterval(180)
    else { throw Wrong(what: "when") }
    guard let header = assertion.split(separator: ".").first, Self.decoded(header).contains(#""kid":"key-1""#) else {
      throw Wrong(what: "which key")
    }
  }

  private static func decoded(_ part: Substring) -> String {
    var text = part.replacing("-", with: "+").replacing("_", with: "/")
    while text.count % 4 != 0 { text += "=" }
    return Data(base64Encoded: String(text)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private static func form(_ text: String) -> [String: String] {
    Dictionary(
      text.split(separator: "&").map { pair in
        let sides = pair.split(separator: "=", maxSplits: 1).map { $0.removingPercentEncoding ?? "" }
        return (sides[0], sides.count > 1 ? sides[1] : "")
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func refusal(_ status: Int, _ code: String, _ description: String) -> Response {
    .test(status, text: #"{"error":"\#(code)","error_description":"\#(description)"}"#)
  }

  /// The file of a service account that this server knows.
  static func serviceAccount(tokenURL: String?) throws -> Secret {
    var file: JSONObject = [
      "type": "service_account", "client_email": "robot@project.example", "private_key_id": "key-1",
      "private_key": .string(try key.get().pkcs8PEMRepresentation),
    ]
    file["token_uri"] = tokenURL.map(JSONValue.string)
    return Secret(String(decoding: file.serialized(), as: UTF8.self))
  }
}
