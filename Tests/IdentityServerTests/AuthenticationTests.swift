import IdentityServer
import JSON
import NIOHTTP1
import SCIM
import Testing

/// Who may do what.
struct AuthenticationTests {
  @Test(arguments: [nil, "admin:wrong", "nobody:admin", "admin"])
  func strangersAreAskedForACredential(_ user: String?) async throws {
    try await withServer { server in
      let answer = try await server.send(.GET, "/Users", as: user)
      #expect(answer.status == 401)
      #expect(answer.json["status"] == "401")
      let schemes = answer.headers["WWW-Authenticate"].joined(separator: ", ")
      #expect(schemes.contains("Basic realm="))
      #expect(schemes.contains("Bearer realm="))
    }
  }

  @Test(arguments: ["", "Bearer", "Bearer wrong", "Basic %%%", "Basic YWRtaW4=", "Digest username=admin"])
  func brokenAndWrongCredentialsAreRefused(_ header: String) async throws {
    try await withServer { server async throws in
      #expect(try await server.send(.GET, "/Users", as: nil, headers: ["Authorization": header]).status == 401)
    }
  }

  @Test func aTokenDoesEverythingButIsNobody() async throws {
    try await withServer { server async throws in
      let token = ["Authorization": "bearer \(ServerFixture.token)"]
      #expect(try await server.send(.POST, "/Users", ["userName": "ann"], as: nil, headers: token).status == 201)
      #expect(try await server.send(.GET, "/Me", as: nil, headers: token).status == 404)
    }
  }

  @Test func usersReadThemselvesAndNothingElse() async throws {
    try await withServer { server in
      let ann = try await server.send(.POST, "/Users", ["userName": "ann", "password": "of:ann"])
      let bob = try await server.send(.POST, "/Users", ["userName": "bob"])
      let own = try await server.send(.GET, "/Me", as: "ann:of:ann")
      #expect(own.status == 200)
      #expect(own.json["userName"] == "ann")
      #expect(own.header("Location") == "\(server.base)/Users/\(ann.id)")
      #expect(try await server.send(.GET, "/Users/\(ann.id)", as: "ann:of:ann").status == 200)
      #expect(try await server.send(.GET, "/Schemas", as: "ann:of:ann").status == 200)
      #expect(try await server.send(.GET, "/Users/\(bob.id)", as: "ann:of:ann").status == 403)
      #expect(try await server.send(.GET, "/Users", as: "ann:of:ann").status == 403)
      #expect(try await server.send(.POST, "/Users", ["userName": "cid"], as: "ann:of:ann").status == 403)
      #expect(try await server.send(.PATCH, "/Me", patch("add", "title", "Dr"), as: "ann:of:ann").status == 403)
    }
  }

  @Test func theAdminRoleMakesAdministrators() async throws {
    try await withServer { server in
      let ann = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret"])
      #expect(try await server.send(.GET, "/Users", as: "ann:secret").status == 403)
      let role = try await server.send(
        .POST, "/Roles", ["displayName": "admin", "users": [["value": .string(ann.id)]]])
      #expect(role.status == 201, "\(role.json.text)")
      #expect(try await server.send(.GET, "/Users", as: "ann:secret").status == 200)
      #expect(try await server.send(.DELETE, "/Roles/\(role.id)").status == 204)
      #expect(try await server.send(.GET, "/Users", as: "ann:secret").status == 403)
    }
  }

  @Test func aPasswordIsVerifiedOnceUntilTheUserChanges() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      for _ in 1...3 { #expect(try await server.send(.GET, "/Me").status == 200) }
      #expect(setup.hasher.verifications == 1)
      #expect(try await server.send(.PATCH, "/Me", patch("replace", "password", "new")).status == 200)
      #expect(try await server.send(.GET, "/Me").status == 401)
      #expect(try await server.send(.GET, "/Me", as: "admin:new").status == 200)
      setup.clock.advance(by: .seconds(3600))
      let before = setup.hasher.verifications
      #expect(try await server.send(.GET, "/Me", as: "admin:new").status == 200)
      #expect(setup.hasher.verifications == before + 1)
    }
  }

  @Test func inactiveAndDeletedUsersAreOutAtOnce() async throws {
    try await withServer { server in
      let ann = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret"])
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 200)
      #expect(try await server.send(.PATCH, "/Users/\(ann.id)", patch("replace", "active", false)).status == 200)
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 401)
      #expect(try await server.send(.PATCH, "/Users/\(ann.id)", patch("replace", "active", true)).status == 200)
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 200)
      #expect(try await server.send(.DELETE, "/Users/\(ann.id)").status == 204)
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 401)
    }
  }

  @Test func guessingIsThrottledAndOthersAreNot() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server in
      for guess in 1...5 { #expect(try await server.send(.GET, "/Me", as: "admin:\(guess)").status == 401) }
      let refused = try await server.send(.GET, "/Me", as: "ADMIN:admin")
      #expect(refused.status == 429)
      #expect(refused.header("Retry-After") == "2")
      #expect(refused.json["status"] == "429")
      #expect(try await server.send(.GET, "/Me", as: "ann:guess").status == 401)
      setup.clock.advance(by: .seconds(2))
      #expect(try await server.send(.GET, "/Me").status == 200)
    }
  }

  @Test func theFirstAccountIsMadeOnce() async throws {
    try await withServer { server async throws in
      #expect(try await AdminAccount.ensure(in: server.directory, password: "other") == false)
      #expect(try await AdminAccount.ensure(in: server.directory, userName: "root", password: "other"))
      #expect(try await server.send(.GET, "/Me", as: "root:other").status == 200)
    }
  }

  /// Such a name or secret is looked at by nobody: it is not hashed, not counted, and leads to no account.
  @Test(arguments: [
    "ann\u{0}x:secret", "ann\n:secret", "a" + String(repeating: "\u{301}\u{316}", count: 12_000) + ":secret",
    "ann:" + String(repeating: "s", count: 4097),
  ])
  func whatNobodyCanBeCalledCostsNothing(_ credential: String) async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret"])
      let before = setup.hasher.verifications
      for _ in 1...7 { #expect(try await server.send(.GET, "/Me", as: credential).status == 401) }
      #expect(setup.hasher.verifications == before)
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 200)
    }
  }

  /// However a name is spelled, its guesses are counted together.
  @Test func allSpellingsOfANameAreGuessedTogether() async throws {
    try await withServer { server async throws in
      for name in ["caf\u{E9}", "cafe\u{301}", "CAF\u{C9}", "PRIMARY/caf\u{E9}", "Cafe\u{301}"] {
        #expect(try await server.send(.GET, "/Me", as: "\(name):guess").status == 401)
      }
      #expect(try await server.send(.GET, "/Me", as: "CAFE\u{301}:guess").status == 429)
    }
  }
}
