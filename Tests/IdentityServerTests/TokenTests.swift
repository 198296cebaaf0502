import IdentityServer
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

/// Tokens for machines, made on the command line.
struct TokenTests {
  private func make(
    _ name: String, _ scopes: String, lifetime: Int? = nil, at server: ServerFixture
  ) async throws -> String {
    let secret = try await server.tokens.create(
      name, scopes: try Scopes(parsing: scopes), lifetime: lifetime, by: "command:test")
    return secret?.text ?? ""
  }

  @Test func aTokenDoesWhatItsScopesSayAndSignsWithItsName() async throws {
    try await withServer { server async throws in
      let token = try await make("payroll", "users:read users:write", at: server)
      #expect(token.hasPrefix("rct_"))
      #expect(try await server.send(.POST, "/Users", ["userName": "ann"], token: token).status == 201)
      #expect(try await server.send(.GET, "/Groups", token: token).status == 403)
      #expect(try await server.directory.events(after: 0, limit: 99).last?.author.name == "token:payroll")
      let all = try await make("all", "admin", at: server)
      #expect(try await server.send(.GET, "/ServiceProviders", token: all).status == 200)
    }
  }

  @Test func onlyTheDigestIsKept() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let token = try await make("payroll", "users:read", at: server)
      let kept = try await setup.tokens.serviceTokens()
      #expect(kept.map(\.holder.name) == ["payroll"])
      #expect(!"\(kept)".contains(token.dropFirst(4)))
      #expect(kept.map(\.digest) == [TokenSecret(token).digest])
    }
  }

  @Test func namesAreTakenOnce() async throws {
    try await withServer { server async throws in
      let token = try await make("payroll", "users:read", at: server)
      #expect(try await make("payroll", "admin", at: server) == "")
      #expect(try await server.send(.GET, "/Users", token: token).status == 200)
    }
  }

  @Test func revokedAndExpiredTokensOpenNothing() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let short = try await make("short", "users:read", lifetime: 60, at: server)
      let long = try await make("long", "users:read", at: server)
      #expect(try await server.send(.GET, "/Users", token: short).status == 200)
      setup.clock.advance(by: .seconds(61))
      #expect(try await server.send(.GET, "/Users", token: short).status == 401)
      #expect(try await server.send(.GET, "/Users", token: long).status == 200)
      let token = try #require(try await server.tokens.serviceTokens().first { $0.holder.name == "long" })
      try await server.tokens.revoke(token, by: "command:test")
      #expect(try await server.send(.GET, "/Users", token: long).status == 401)
      #expect(try await make("short", "users:read", at: server) != "", "what has expired gives its name back")
    }
  }

  @Test(arguments: ["", "rct_", "rct_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "rca_x", "\u{e9}"])
  func otherTokensAreRefused(_ token: String) async throws {
    try await withServer { server async throws in
      _ = try await make("payroll", "users:read", at: server)
      let refused = try await server.send(.GET, "/Users", token: token)
      #expect(refused.status == 401)
      #expect(refused.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"])
    }
  }
}
