import CryptoExtras
import HTTPTypes
import Hummingbird
import JSON
import JWTKit
import NIOHTTP1
import Reconciliation
import SeededRandom
import Testing

@testable import Endpoints

@Suite struct AccessTokenTests {
  /// Runs the body with a connection to what the server guards.
  private func use(
    _ server: TokenTestServer, clock: ManualClock = ManualClock(),
    by credential: @escaping @Sendable (_ url: String) throws -> EndpointCredential = AccessTokenTests.account,
    _ body: @escaping @Sendable (EndpointConnection) async throws -> Void
  ) async throws {
    try await server.run { url in
      let configuration = ConnectionConfiguration(
        credential: try credential(url), userAgent: "rollcall/test", now: { TokenTestServer.now })
      let connection = try EndpointConnection(
        configuration, base: url, format: .scim1, clock: clock, generator: SplitMix64(seed: 7))
      do {
        try await body(connection)
      } catch {
        await connection.close()
        throw error
      }
      await connection.close()
    }
  }

  private static func account(_ url: String) throws -> EndpointCredential {
    let file = try TokenTestServer.serviceAccount(tokenURL: url + "/token")
    return try EndpointCredential(
      .serviceAccount(ServiceAccount(key: .literal(file), subject: "admin@corp.example")),
      tokens: AccessTokenRules(scopes: ["one", "two"]), secret: AccessTokenTests.literal)
  }

  private static func client(
    _ url: String, secret: String = TokenTestServer.clientSecret
  ) throws -> EndpointCredential {
    let client = OAuth2Client(
      tokenURL: url + "/token", clientID: .literal(Secret(TokenTestServer.clientID)),
      grant: .clientCredentials(secret: .literal(Secret(secret))))
    return try EndpointCredential(.oauth2(client), secret: AccessTokenTests.literal)
  }

  private static func literal(_ reference: SecretReference) throws -> Secret {
    guard case .literal(let secret) = reference else { throw EndpointError(.misconfigured, "not a literal") }
    return secret
  }

  private static let read = EndpointRequest(.GET, "/things")

  // MARK: Tokens

  @Test(arguments: [true, false])
  func oneTokenServesManyRequests(isServiceAccount: Bool) async throws {
    let server = TokenTestServer(lifetime: 3600)
    try await use(server, by: { isServiceAccount ? try Self.account($0) : try Self.client($0) }) { connection in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 { group.addTask { _ = try await connection.send(Self.read) } }
        try await group.waitForAll()
      }
    }
    #expect(server.tokens.count == 1)
  }

  @Test func aTokenIsRenewedShortlyBeforeItExpires() async throws {
    let server = TokenTestServer(lifetime: 100)
    let clock = ManualClock()
    try await use(server, clock: clock) { connection in
      _ = try await connection.send(Self.read)
      try await clock.sleep(for: .seconds(79))
      _ = try await connection.send(Self.read)
      #expect(server.tokens.count == 1)
      try await clock.sleep(for: .seconds(1))
      _ = try await connection.send(Self.read)
      #expect(server.tokens.count == 2)
    }
  }

  @Test func aRefusedTokenIsRenewedOnceForAll() async throws {
    let server = TokenTestServer()
    try await use(server) { connection in
      _ = try await connection.send(Self.read)
      server.revoke()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<20 { group.addTask { _ = try await connection.send(Self.read) } }
        try await group.waitForAll()
      }
    }
    #expect(server.tokens.count == 2)
  }

  /// A new token does not help who is refused for another reason, so not every request asks for one.
  @Test func whatANewTokenDoesNotHelpIsTold() async throws {
    let server = TokenTestServer()
    try await server.run(guarded: { _ in .test(401, text: #"{"error":{"message":"Never"}}"#) }) { url in
      let configuration = ConnectionConfiguration(
        credential: try Self.client(url), userAgent: "rollcall/test", now: { TokenTestServer.now })
      let connection = try EndpointConnection(
        configuration, base: url, format: .scim1, clock: ManualClock(), generator: SplitMix64(seed: 7))
      for _ in 1...5 {
        let error = await failure { _ = try await connection.send(Self.read) }
        #expect(error == EndpointError(.unauthorized, status: 401, "401: Never"))
      }
      await connection.close()
    }
    #expect(server.tokens.count == 2)
  }

  @Test func aTokenEndpointInTroubleIsAskedAgain() async throws {
    let server = TokenTestServer()
    server.faults.queue(.post, .refuse(503), .drop, .refuse(429, headers: ["Retry-After": "7"]))
    let clock = ManualClock()
    try await use(server, clock: clock) { connection in
      _ = try await connection.send(Self.read)
    }
    #expect(server.tokens.count == 1)
    #expect(clock.sleeps.contains(.seconds(7)))
  }

  // MARK: Refusals

  @Test func aWrongSecretIsToldWithoutIt() async throws {
    let server = TokenTestServer()
    try await use(server, by: { try Self.client($0, secret: "wrong-secret") }) { connection in
      for _ in 1...3 {
        let error = await failure { _ = try await connection.send(Self.read) }
        #expect(error?.kind == .unauthorized)
        #expect(
          error?.message == "the token endpoint gives no access token (invalid_client); check the secret of the client"
            + " rollcall:client")
      }
    }
    // Once is enough to know.
    #expect(server.faults.requests == ["POST /token"])
  }

  @Test(arguments: [
    ("invalid_grant", EndpointError.Kind.unauthorized, "clock"),
    ("unauthorized_client", .forbidden, "for exactly these scopes: one,two"),
    ("invalid_client", .unauthorized, "robot@project.example"), ("invalid_scope", .forbidden, "one,two"),
    ("unsupported_grant_type", .misconfigured, "tokenURL"), ("another_error", .rejected, "the token endpoint"),
  ])
  func refusalsOfAnAssertion(_ code: String, _ kind: EndpointError.Kind, _ part: String) async throws {
    let server = TokenTestServer()
    server.faults.queue(.post, .refuse(400, body: #"{"error":"\#(code)","error_description":"No, <b>sorry</b>."}"#))
    try await use(server) { connection in
      let error = await failure { _ = try await connection.send(Self.read) }
      #expect(error?.kind == kind)
      #expect(error?.message.contains(part) == true)
      #expect(error?.message.contains("sorry") == true)
    }
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"access_token":7,"token_type":"Bearer"}"#, #"{"access_token":"a","token_type":"mac"}"#,
    #"{"access_token":"a b","token_type":"Bearer"}"#, #"{"access_token":"","token_type":"Bearer"}"#,
  ])
  func answersThatAreNoTokens(_ body: String) async throws {
    let server = TokenTestServer()
    server.faults.queue(.post, .refuse(200, body: body))
    try await use(server) { connection in
      let error = await failure { _ = try await connection.send(Self.read) }
      #expect(error?.kind == .malformed || error?.kind == .misconfigured)
    }
  }

  @Test func theEndpointRepeatsNoToken() async throws {
    let server = TokenTestServer()
    try await server.run(guarded: { .test(400, text: #"{"message":"bad \#($0.headers[.authorization] ?? "")"}"#) }) {
      url in
      let configuration = ConnectionConfiguration(credential: try Self.client(url), userAgent: "rollcall/test")
      let connection = try EndpointConnection(
        configuration, base: url, format: .scim1, clock: ManualClock(), generator: SplitMix64(seed: 7))
      let error = await failure { _ = try await connection.send(Self.read) }
      #expect(error?.message == "400: bad Bearer •••")
      await connection.close()
    }
  }

  // MARK: Keys

  @Test func bothFormsOfAPrivateKey() throws {
    let key = try TokenTestServer.key.get()
    for pem in [key.pemRepresentation, key.pkcs8PEMRepresentation] {
      _ = try SigningKey(pem: Secret(pem))
      _ = try SigningKey(pem: Secret(pem.split(separator: "\n").joined(separator: "\r\n") + "\r\n"))
    }
  }

  @Test func whatIsNoKeyIsToldWithoutIt() async throws {
    let elliptic = ES256PrivateKey().pemRepresentation
    for (pem, part) in [
      ("secret stuff", "no RSA key"), (elliptic, "no RSA key"), (Self.shortKey, "2048 bits"),
      ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nsecret stuff", "openssl pkey"),
    ] {
      let error = await failure { _ = try SigningKey(pem: Secret(pem)) }
      #expect(error?.kind == .misconfigured)
      #expect(error?.message.contains(part) == true)
      #expect(error?.message.contains("secret stuff") == false)
    }
  }

  @Test(arguments: [
    ("secret stuff", "not the JSON file"), ("{}", "lacks `client_email`"),
    (#"{"type":"authorized_user","client_email":"a"}"#, "service_account"),
    (#"{"client_email":"a"}"#, "lacks `private_key`"),
    (#"{"client_email":"a","private_key":"secret stuff"}"#, "no RSA key"),
  ])
  func filesThatAreNoServiceAccount(_ text: String, _ part: String) async {
    let account = ServiceAccount(key: .literal(Secret(text)), subject: "admin@corp.example")
    let error = await failure { _ = try EndpointCredential(.serviceAccount(account), secret: AccessTokenTests.literal) }
    #expect(error?.kind == .misconfigured)
    #expect(error?.message.contains(part) == true)
    #expect(error?.message.contains("secret stuff") == false)
  }

  @Test func aTokenEndpointInTheClearIsRefused() async throws {
    let file = try TokenTestServer.serviceAccount(tokenURL: "http://tokens.example/token")
    let credential = try EndpointCredential(
      .serviceAccount(ServiceAccount(key: .literal(file), subject: "admin@corp.example")),
      secret: AccessTokenTests.literal)
    let error = await failure {
      _ = try EndpointConnection(
        ConnectionConfiguration(credential: credential, userAgent: "rollcall/test"), base: "https://h.example",
        format: .scim1, clock: ManualClock(), generator: SplitMix64(seed: 7))
    }
    #expect(error?.message.contains("tokens.example") == true)
  }

  /// Of 1024 bits, and good for nothing but to be refused.
  private static let shortKey = """
    -----BEGIN RSA PRIVATE KEY-----
    MIICXQIBAAKBgQDGPeggc3JK5vNNrwZCeIuJI8kMekJPmt/Sv0r+cncNieYJUupq
    WBxV6qlvJvC1mCBy+sRNODyozFPqdSnjC2hiMjcmMvNGE8pHlCc+iS0e35FGqUKi
    Vwhu4UYhTNnPflc0evO/mSOO8ss4JokrPIgxYRCMAFv+t4fEka1JJDtTbwIDAQAB
    AoGAVRMqNAr3SJe2YGc1W39Z+n+l/znUjU8csNexOmMrHl9InkW8Hek0N9bd4bqn
    YHcprc5aQf1ZYuNVO/AOCsbRg1kBq+Ng0qKPh/3SzZhaECSMJIJi5pGClcSfp34x
    Y9CeH9W0n5dDNjoT0zk4iHuMYTEY7e7uupr8JpSD7rfoI1kCQQDtnY/VWcxDnKA+
    RERad/vurdpzLhfKfS0nNuRFIykYl2sVgjZiDJONWjh/E/w5DxSK4jU7t2H0UYbS
    97r3GqFtAkEA1ZR5DlcJ4TKuodsLoUfEzzB49WoQ697CDEtUiJDLNO87gyrMyDL+
    hAPqNXkLsjpYmPVXLdKAOHgLjJscfbFaywJAIheYOnk+2HiReT2cPQq4B9/D1wDH
    AxOAtf6nM9A+pjubbqOXH+xEA2TtdDYu2xTx0pdwIdhG4qIL4RsQJUIZ5QJBAJxr
    9xUXjfbO5bNI+AWQyIVt3Mjwe6AkLz5N1YWHdiw4of940y40ms8ZBulO09Aeh1DP
    LqAysRGqadr6py0vPW0CQQDV6ga7jhbatmIaelThdrY5Vf72nvVzDUFjdIU4Du8v
    k6A2EAF+PGVVqRBnYc4CBiuzEHJVlISO2JkD1sv+8nli
    -----END RSA PRIVATE KEY-----
    """
}
