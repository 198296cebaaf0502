import IdentityServer
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

/// What happens to the access to the server is recorded, and by whom.
struct AuditTests {
  private func events(_ setup: ServerSetup) async throws -> [String] {
    try await setup.accessLog.accessEvents(after: 0, limit: 99).map {
      [$0.kind.rawValue, $0.author.name, $0.author.address ?? "-", $0.detail].joined(separator: " ")
    }
  }

  @Test func refusedLoginsAreRecordedWithoutTheirPasswords() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      for guess in 1...5 { _ = try await server.send(.GET, "/Me", as: "PRIMARY/Admin:canary\(guess)") }
      for _ in 1...3 { #expect(try await server.send(.GET, "/Me", as: "admin:canary").status == 429) }
      _ = try await server.send(.GET, "/Me", as: "nobody:canary")
      _ = try await server.form("token", "grant_type=client_credentials", as: "app:canary")
      _ = try await server.send(.GET, "/Me", as: String(repeating: "x", count: 999) + ":canary")
      let events = try await events(setup)
      #expect(
        events == Array(repeating: "loginRefused user:admin 127.0.0.1 ", count: 5) + [
          "loginThrottled user:admin 127.0.0.1 ", "loginRefused user:nobody 127.0.0.1 ",
          "loginRefused client:app 127.0.0.1 ",
          "loginRefused user:\(String(repeating: "x", count: 123)) 127.0.0.1 ",
        ])
    }
  }

  @Test func tokensLeaveATraceButNotThemselves() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      let token = try await server.token("app", "s3cret")
      _ = try await server.tokens.create(
        "ci", scopes: try Scopes(parsing: "users:read"), lifetime: nil, by: "command:test")
      _ = try await server.form("revoke", "token=\(token)", as: "app:s3cret")
      #expect(
        try await events(setup) == [
          "tokenIssued client:app 127.0.0.1 users:read", "tokenCreated command:test - ci: users:read",
          "tokenRevoked client:app 127.0.0.1 app: users:read",
        ])
    }
  }

  @Test func writesAreSignedByWhoeverIsBehindATrustedProxy() async throws {
    var setup = ServerSetup()
    setup.configuration.trustedProxies = ["127.0.0.1"]
    try await withServer(setup) { server async throws in
      let forwarded = ["X-Forwarded-For": "10.0.0.1, 192.0.2.7"]
      _ = try await server.send(.POST, "/Users", ["userName": "ann"], headers: forwarded)
      #expect(
        try await server.directory.events(after: 0, limit: 9).last?.author
          == Author(name: "user:admin", address: "192.0.2.7"))
    }
    try await withServer { server async throws in
      _ = try await server.send(.POST, "/Users", ["userName": "ann"], headers: ["X-Forwarded-For": "192.0.2.7"])
      #expect(try await server.directory.events(after: 0, limit: 9).last?.author.address == "127.0.0.1")
    }
  }

  /// One address is held up, whatever names it tries; others are not.
  @Test func sprayingIsThrottled() async throws {
    var setup = ServerSetup()
    setup.configuration.trustedProxies = ["127.0.0.1"]
    setup.limits.perAddress.freeAttempts = 3
    try await withServer(setup) { server async throws in
      let sprayer = ["X-Forwarded-For": "192.0.2.7"]
      for name in ["ann", "bob", "cid"] {
        #expect(try await server.send(.GET, "/Me", as: "\(name):Winter2026", headers: sprayer).status == 401)
      }
      let refused = try await server.send(.GET, "/Me", as: "dan:Winter2026", headers: sprayer)
      #expect(refused.status == 429)
      #expect(refused.header("Retry-After") == "2")
      #expect(try await server.send(.GET, "/Me", headers: ["X-Forwarded-For": "192.0.2.8"]).status == 200)
    }
  }

  @Test func onlyTheNewestAreKept() async throws {
    let log = InMemoryAccessLog()
    let event = AccessEvent(time: ServerSetup().date(), kind: .loginRefused, author: "user:ann")
    for _ in 1...3 { try await log.append(event) }
    #expect(try await log.accessEvents(after: 1, limit: 9).map(\.sequence) == [2, 3])
    #expect(try await log.accessEvents(after: 0, limit: 2).map(\.sequence) == [1, 2])
  }
}
