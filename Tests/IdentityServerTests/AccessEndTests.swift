import JSON
import NIOHTTP1
import OpenID
import Testing

/// What a user has signed in to and allowed ends with the password and with the account, at once and for good.
struct AccessEndTests {
  enum Change: CaseIterable { case password, noPassword, switchedOff, deleted }

  private func make(_ change: Change, _ server: ServerFixture, _ id: String) async throws {
    let path = "/Users/\(id)"
    switch change {
    case .password: _ = try await server.send(.PATCH, path, patch("replace", "password", "another secret"))
    case .noPassword: _ = try await server.send(.PATCH, path, patch("replace", "password", .null))
    case .switchedOff:
      _ = try await server.send(.PATCH, path, patch("replace", "active", false))
      _ = try await server.send(.PATCH, path, patch("replace", "active", true))
    case .deleted: _ = try await server.send(.DELETE, path)
    }
  }

  private func ann(_ server: ServerFixture) async throws -> String {
    try await server.user("ann")?.text("id") ?? ""
  }

  @Test(arguments: Change.allCases) func nothingIsLeft(_ change: Change) async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server, ["scopes": ["openid", "admin"]])
      let (ann, browser) = (try await ann(server), TestBrowser(server))
      _ = try await server.send(.POST, "/Roles", ["displayName": "admin", "users": [["value": .string(ann)]]])
      let tokens = try await party.tokens(["scope": "openid admin"], browser)
      let code = try await party.authorized(browser).redirected["code"] ?? ""
      let access = tokens.text("access_token")
      #expect(try await party.userInfo(access).status == 200)
      #expect(try await server.send(.GET, "/Users", token: access).status == 200)
      #expect(try await browser.get("/login").text.contains("You are signed in"))

      try await make(change, server, ann)
      #expect(try await party.userInfo(access).status == 401)
      #expect(try await server.send(.GET, "/Users", token: access).status == 401)
      #expect(try await server.send(.POST, "/Users", ["userName": "eve"], token: access).status == 401)
      #expect(
        try await server.form("introspect", "token=\(access)", as: "app:s3cret").json.text == #"{"active":false}"#)
      #expect(try await party.refresh(tokens.text("refresh_token")).json["error"] == "invalid_grant")
      #expect(try await party.redeem(code).json["error"] == "invalid_grant")
      #expect(try await !browser.get("/login").text.contains("You are signed in"))
      #expect(setup.tokens.count == 0)
    }
  }

  @Test func otherChangesEndNothing() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let (ann, browser) = (try await ann(server), TestBrowser(server))
      let tokens = try await party.tokens([:], browser)
      for operation in [patch("replace", "title", "Dr"), patch("replace", "active", true)] {
        #expect(try await server.send(.PATCH, "/Users/\(ann)", operation).status == 200)
      }
      #expect(try await server.send(.PATCH, "/Users/\(ann)", patch("replace", "password", "")).status == 400)
      #expect(try await party.userInfo(tokens.text("access_token")).status == 200)
      #expect(try await browser.get("/login").text.contains("You are signed in"))
      #expect(try await party.refresh(tokens.text("refresh_token")).status == 200)
    }
  }
}
