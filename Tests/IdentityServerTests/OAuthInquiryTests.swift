import JSON
import NIOHTTP1
import OpenID
import SCIM
import Testing

/// `POST /oauth2/introspect` (RFC 7662) and `POST /oauth2/revoke` (RFC 7009).
struct OAuthInquiryTests {
  private func withApplications(_ test: (ServerFixture, String) async throws -> Void) async throws {
    try await withServer { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      try await server.register("other", secret: "s3cret", scopes: ["users:read"])
      try await server.register("api", secret: "s3cret", scopes: ["tokens:introspect"])
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret"])
      try await test(server, try await server.token("app", "s3cret"))
    }
  }

  @Test func whoMayKnowLearnsWhatATokenIsWorth() async throws {
    try await withApplications { server, token async throws in
      for user in ["app:s3cret", "admin:admin"] {
        let answer = try await server.form("introspect", "token=\(token)", as: user)
        #expect(answer.status == 200)
        #expect(answer.json["active"] == true, "\(user)")
        #expect(answer.json["client_id"] == "app")
        #expect(answer.json["scope"] == "users:read")
        #expect(answer.json["exp"]?.int == answer.json["iat"]?.int.map { $0 + 3600 })
      }
      let api = try await server.token("api", "s3cret")
      let asked = try await server.form("introspect", "token=\(token)", headers: ["Authorization": "Bearer \(api)"])
      #expect(asked.json["active"] == true)
      #expect(try await server.form("introspect", "token=\(token)", as: "api:s3cret").json["active"] == true)
    }
  }

  @Test func everyOtherTokenReadsTheSame() async throws {
    try await withApplications { server, token async throws in
      for (user, asked) in [
        ("other:s3cret", token), ("ann:secret", token), ("app:s3cret", "rca_unknown"), ("admin:admin", "rct_unknown"),
      ] {
        let answer = try await server.form("introspect", "token=\(asked)", as: user)
        #expect(answer.status == 200)
        #expect(answer.json.text == #"{"active":false}"#, "\(user) \(asked)")
      }
    }
  }

  @Test(arguments: ["introspect", "revoke"])
  func strangersAreNotAnswered(_ path: String) async throws {
    try await withApplications { server, token async throws in
      for user in [nil, "app:wrong", "nobody:s3cret", "admin:wrong"] {
        let answer = try await server.form(path, "token=\(token)", as: user)
        #expect(answer.status == 401)
        #expect(answer.json["error"] == "invalid_client")
      }
      let inForm = try await server.form(path, "token=\(token)&client_id=nobody&client_secret=s3cret")
      #expect(inForm.status == 401)
      let bearer = try await server.form(path, "token=\(token)", headers: ["Authorization": "Bearer wrong"])
      #expect(bearer.status == 401)
      #expect(bearer.header("WWW-Authenticate")?.contains("invalid_token") == true)
      #expect(try await server.form(path, "", as: "app:s3cret").json["error"] == "invalid_request")
      #expect(try await server.send(.GET, "/Users", token: token).status == 200)
    }
  }

  @Test func anApplicationRevokesItsOwnTokens() async throws {
    try await withApplications { server, token async throws in
      let refused = try await server.form("revoke", "token=\(token)", as: "other:s3cret")
      #expect(refused.status == 400)
      #expect(refused.json["error"] == "invalid_grant")
      #expect(try await server.send(.GET, "/Users", token: token).status == 200)
      for _ in 1...2 {
        let answer = try await server.form("revoke", "token=\(token)&token_type_hint=refresh_token", as: "app:s3cret")
        #expect(answer.status == 200, "again, or with a wrong hint, is no mistake")
      }
      #expect(try await server.send(.GET, "/Users", token: token).status == 401)
      #expect(try await server.form("introspect", "token=\(token)", as: "admin:admin").json["active"] == false)
    }
  }

  @Test func administratorsRevokeEveryToken() async throws {
    try await withApplications { server, token async throws in
      #expect(try await server.form("revoke", "token=\(token)", as: "admin:admin").status == 200)
      #expect(try await server.send(.GET, "/Users", token: token).status == 401)
      #expect(try await server.form("introspect", "token=\(token)", as: "app:s3cret").json["active"] == false)
    }
  }

  @Test func aTokenOfAnApplicationThatIsGoneIsWorthNothing() async throws {
    try await withApplications { server, token async throws in
      let list = try await server.send(.GET, "/ServiceProviders?filter=name+eq+%22app%22")
      let id = list.resources.first?["id"]?.string ?? ""
      #expect(try await server.send(.DELETE, "/ServiceProviders/\(id)").status == 204)
      #expect(try await server.form("introspect", "token=\(token)", as: "admin:admin").json["active"] == false)
    }
  }
}
