import Foundation
import JSON
import JWTKit
import LocalDirectory
import NIOHTTP1
import OpenID

/// An application that signs its users in at the server, as a test wants it.
struct RelyingParty: Sendable {
  static let redirectURI = "https://app.example/callback"
  static let verifier = "a-verifier-of-43-to-128-unreserved-characters"

  let server: ServerFixture
  var clientID = "app"
  var secret: String? = "s3cret"
  var scope = "openid profile email"

  /// Registers `app` and makes the user `ann`, password `secret`.
  /// - Parameter settings: more of the registration, or other than usual.
  static func registered(_ server: ServerFixture, _ settings: JSONObject = [:], secret: String? = "s3cret")
    async throws -> RelyingParty
  {
    _ = try await server.send(
      .POST, "/Users",
      [
        "userName": "ann", "password": "secret", "displayName": "Ann B",
        "name": ["givenName": "Ann", "familyName": "B"], "emails": [["value": "ann@corp.example", "type": "work"]],
      ])
    let party = RelyingParty(server: server, secret: secret)
    try await party.register(settings)
    return party
  }

  @discardableResult
  func register(_ settings: JSONObject = [:]) async throws -> Answer {
    var registration: JSONObject = [
      "clientId": .string(clientID), "redirectURIs": [.string(Self.redirectURI)],
      "grantTypes": ["authorization_code", "refresh_token"],
    ]
    registration["clientSecret"] = secret.map(JSONValue.string)
    for setting in settings { registration[setting.key] = setting.value }
    return try await server.send(
      .POST, "/ServiceProviders",
      ["name": .string(clientID), "inbound": ["openidconnect": .object(registration)]])
  }

  /// The address that the browser is sent to; an empty parameter is left out.
  func authorize(_ changes: [String: String] = [:]) -> String {
    let fields = [
      "client_id": clientID, "redirect_uri": Self.redirectURI, "response_type": "code", "scope": scope,
      "state": "the state", "nonce": "the nonce", "code_challenge": CodeChallenge(of: Self.verifier).text,
      "code_challenge_method": "S256",
    ].merging(changes) { _, change in change }.filter { !$0.value.isEmpty }
    return "/oauth2/authorize?" + FormEncoding.encoded(fields)
  }

  /// Signs in and allows everything; the answer sends the browser back to the application.
  func authorized(_ browser: TestBrowser, _ changes: [String: String] = [:]) async throws -> Answer {
    var answer = try await browser.follow(try await browser.get(authorize(changes)))
    if answer.text.contains("name=\"password\"") {
      answer = try await browser.follow(
        try await browser.submit(answer, ["username": "ann", "password": "secret"], to: "/login"))
    }
    if answer.text.contains("name=\"decision\"") {
      answer = try await browser.follow(try await browser.submit(answer, ["decision": "allow"], to: "/oauth2/consent"))
    }
    return answer
  }

  func redeem(_ code: String, _ changes: [String: String] = [:]) async throws -> Answer {
    try await token(
      [
        "grant_type": "authorization_code", "code": code, "redirect_uri": Self.redirectURI,
        "code_verifier": Self.verifier,
      ].merging(changes) { _, change in change })
  }

  func refresh(_ token: String, scope: String = "") async throws -> Answer {
    try await self.token(["grant_type": "refresh_token", "refresh_token": token, "scope": scope])
  }

  /// Asks the token endpoint; an empty parameter is left out.
  func token(_ fields: [String: String]) async throws -> Answer {
    var fields = fields.filter { !$0.value.isEmpty }
    if secret == nil { fields["client_id"] = clientID }
    return try await server.form(
      "token", FormEncoding.encoded(fields), as: secret.map { "\(clientID):\($0)" })
  }

  /// Signs in with a new browser, and gets the tokens.
  func tokens(_ changes: [String: String] = [:], _ browser: TestBrowser? = nil) async throws -> JSONValue {
    let answer = try await authorized(browser ?? TestBrowser(server), changes)
    return try await redeem(answer.redirected["code"] ?? "").json
  }

  func userInfo(_ accessToken: String) async throws -> Answer {
    try await server.send(
      .GET, url: server.origin + "/oauth2/userinfo", headers: ["Authorization": "Bearer \(accessToken)"])
  }

  /// The claims of an ID token whose signature one of the published keys has made.
  func verified(_ idToken: String?) async throws -> VerifiedToken {
    let keys = try await server.send(.GET, url: server.origin + "/oauth2/jwks")
    let collection = try await JWTKeyCollection().add(jwksJSON: keys.text)
    return try await collection.verify(idToken ?? "", as: VerifiedToken.self)
  }
}

/// The claims of an ID token as another program reads them.
struct VerifiedToken: JWTPayload {
  let iss: IssuerClaim
  let sub: SubjectClaim
  let aud: AudienceClaim
  let exp: ExpirationClaim
  let iat: IssuedAtClaim
  let authTime: Int
  let nonce: String?
  let accessTokenHash: String
  let amr: [String]
  let sid: String
  let azp: String
  let email: String?
  let name: String?
  let groups: [String]?

  func verify(using algorithm: some JWTAlgorithm) async throws {}

  private enum CodingKeys: String, CodingKey {
    case iss, sub, aud, exp, iat, nonce, amr, sid, azp, email, name, groups
    case authTime = "auth_time"
    case accessTokenHash = "at_hash"
  }
}

extension JSONValue {
  /// The text of a member; empty when there is none.
  func text(_ name: String) -> String { self[name]?.string ?? "" }
}
