import IdentityServer
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

/// `POST /oauth2/token` (RFC 6749): applications get tokens, and the tokens open what their scopes say.
struct OAuthTokenTests {
  @Test(arguments: [true, false])
  func anApplicationGetsATokenByEitherWayOfAuthentication(_ byHeader: Bool) async throws {
    try await withServer { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read", "groups:read"], lifetime: "10m")
      let answer =
        byHeader
        ? try await server.form("token", "grant_type=client_credentials", as: "app:s3cret")
        : try await server.form("token", "grant_type=client_credentials&client_id=app&client_secret=s3cret")
      #expect(answer.status == 200, "\(answer.json.text)")
      #expect(answer.json["token_type"] == "Bearer")
      #expect(answer.json["expires_in"] == 600)
      #expect(answer.json["scope"] == "users:read groups:read")
      #expect(answer.header("Cache-Control") == "no-store")
      #expect(answer.header("Pragma") == "no-cache")
      #expect(answer.header("Content-Type") == "application/json")
      let token = answer.json["access_token"]?.string ?? ""
      #expect(token.hasPrefix("rca_"))
      #expect(try await server.send(.GET, "/Users", token: token).status == 200)
      #expect(try await server.send(.GET, "/Groups", token: token).status == 200)
      #expect(try await server.send(.GET, "/Me", token: token).status == 404)
    }
  }

  @Test func theFormNamesNoOtherClientThanTheHeader() async throws {
    try await withServer { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      let form = "grant_type=client_credentials&client_id="
      #expect(try await server.form("token", form + "app", as: "app:s3cret").status == 200)
      #expect(try await server.form("token", form + "other", as: "app:s3cret").json["error"] == "invalid_request")
    }
  }

  /// Parameters of names that are nobody's are ignored, whatever they are (RFC 6749 section 3.2).
  @Test func unknownParametersAreIgnored() async throws {
    try await withServer { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      let ask = { (field: String) in
        try await server.form("token", "grant_type=client_credentials&\(field)", as: "app:s3cret")
      }
      for field in ["x=1", "&&", "=1", "\u{301}=&grant_typ\u{E9}=x", "\u{301}\u{316}=1"] {
        #expect(try await ask(field).status == 200, "\(field)")
      }
      let marks = "a" + String(repeating: "\u{301}\u{316}", count: 3000)
      for field in ["\(marks)=1", "x=\(marks)", "client_id=\(marks)"] {
        #expect(try await ask(field).json["error"] == "invalid_request")
      }
    }
  }

  @Test func theTokenOpensWhatItsScopesSayAndNoMore() async throws {
    try await withServer { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read", "users:write"])
      let token = try await server.token("app", "s3cret", scope: "users:read roles:write")
      #expect(try await server.send(.GET, "/Users", token: token).status == 200)
      for (method, path, body) in [
        (HTTPMethod.POST, "/Users", ["userName": "ann"]), (.GET, "/Roles", nil),
        (.POST, "/Roles", ["displayName": "x"]),
      ] as [(HTTPMethod, String, JSONValue?)] {
        let refused = try await server.send(method, path, body, token: token)
        #expect(refused.status == 403)
        #expect(refused.header("WWW-Authenticate")?.contains(#"error="insufficient_scope""#) == true)
        #expect(refused.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"])
      }
      let writer = try await server.token("app", "s3cret", scope: "internal_user_mgt_create")
      let ann = try await server.send(.POST, "/Users", ["userName": "ann"], token: writer)
      #expect(ann.status == 201)
      #expect(try await server.send(.DELETE, "/Users/\(ann.id)", token: writer).status == 403)
      let events = try await server.directory.events(after: 0, limit: 99)
      #expect(events.last?.author == Author(name: "client:app", address: "127.0.0.1"))
    }
  }

  /// Whoever is refused for want of rights and came with a password is not told about scopes.
  @Test func aPasswordIsNotToldAboutScopes() async throws {
    try await withServer { server async throws in
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret"])
      let refused = try await server.send(.GET, "/Users", as: "ann:secret")
      #expect(refused.status == 403)
      #expect(refused.headers["WWW-Authenticate"] == [])
    }
  }

  @Test func tokensExpire() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"], lifetime: "1m")
      let token = try await server.token("app", "s3cret")
      setup.clock.advance(by: .seconds(59))
      #expect(try await server.send(.GET, "/Users", token: token).status == 200)
      setup.clock.advance(by: .seconds(2))
      let refused = try await server.send(.GET, "/Users", token: token)
      #expect(refused.status == 401)
      #expect(refused.header("WWW-Authenticate")?.contains(#"error="invalid_token""#) == true)
      _ = try await server.token("app", "s3cret")
      #expect(setup.tokens.count == 1, "what has expired is forgotten")
    }
  }

  @Test func theServerFollowsTheRegistration() async throws {
    try await withServer { server async throws in
      let id = try await server.register("app", secret: "s3cret", scopes: ["users:read", "groups:read"])
      let token = try await server.token("app", "s3cret")
      let fewer = patch("replace", "inbound", ["openidconnect": ["clientId": "app", "scopes": ["groups:read"]]])
      #expect(try await server.send(.PATCH, "/ServiceProviders/\(id)", fewer).status == 200)
      #expect(try await server.send(.GET, "/Users", token: token).status == 403)
      #expect(try await server.send(.GET, "/Groups", token: token).status == 200)
      #expect(try await server.send(.DELETE, "/ServiceProviders/\(id)").status == 204)
      #expect(try await server.send(.GET, "/Groups", token: token).status == 401)
      let refused = try await server.form("token", "grant_type=client_credentials", as: "app:s3cret")
      #expect(refused.json["error"] == "invalid_client")
    }
  }

  private static let wrongRequests: [(String, String?, Int, String)] = [
    ("grant_type=client_credentials", "app:wrong", 401, "invalid_client"),
    ("grant_type=client_credentials", "nobody:s3cret", 401, "invalid_client"),
    ("grant_type=client_credentials", "admin:admin", 401, "invalid_client"),
    ("grant_type=client_credentials", nil, 401, "invalid_client"),
    ("grant_type=client_credentials&client_id=app", nil, 401, "invalid_client"),
    ("grant_type=client_credentials&client_id=app&client_secret=wrong", nil, 401, "invalid_client"),
    ("grant_type=client_credentials&client_id=app&client_secret=s3cret", "app:s3cret", 400, "invalid_request"),
    ("", "app:s3cret", 400, "invalid_request"), ("grant_type=", "app:s3cret", 400, "invalid_request"),
    ("grant_type=client_credentials&grant_type=client_credentials", "app:s3cret", 400, "invalid_request"),
    ("grant_type=%zz", "app:s3cret", 400, "invalid_request"),
    ("grant_type=password&username=admin&password=admin", "app:s3cret", 400, "unsupported_grant_type"),
    ("grant_type=client_credentials&scope=groups:read", "app:s3cret", 400, "invalid_scope"),
    ("grant_type=client_credentials&scope=%22", "app:s3cret", 400, "invalid_scope"),
    ("grant_type=client_credentials", "web:s3cret", 400, "unauthorized_client"),
    ("grant_type=client_credentials", "bare:s3cret", 400, "invalid_scope"),
    ("grant_type=client_credentials", "public:", 401, "invalid_client"),
  ]

  @Test func wrongRequestsAreRefusedInTheWordsOfOAuth() async throws {
    var setup = ServerSetup()
    setup.limits.perNameAndAddress.freeAttempts = 100
    try await withServer(setup) { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      try await server.register("web", secret: "s3cret", scopes: ["users:read"], grantTypes: ["authorization_code"])
      try await server.register("bare", secret: "s3cret")
      try await server.register("public", secret: nil, scopes: ["users:read"])
      for (fields, user, status, error) in Self.wrongRequests {
        let answer = try await server.form("token", fields, as: user)
        #expect(answer.status == status, "\(fields) \(user ?? "")")
        #expect(answer.json["error"]?.string == error, "\(fields) \(user ?? "")")
        #expect(answer.header("Cache-Control") == "no-store")
        if status == 401 { #expect(answer.headers["WWW-Authenticate"].contains { $0.hasPrefix("Basic ") }) }
      }
      #expect(setup.tokens.count == 0)
    }
  }

  @Test func otherMethodsAndBodiesAreRefused() async throws {
    try await withServer { server async throws in
      let got = try await server.send(.GET, url: "\(server.origin)/oauth2/token")
      #expect(got.status == 405)
      #expect(got.header("Allow") == "POST")
      #expect(got.json["error"] == "invalid_request")
      let json = try await server.form("token", "{}", headers: ["Content-Type": "application/json"])
      #expect(json.status == 400)
      #expect(json.json["error"] == "invalid_request")
      let long = try await server.form("token", "a=" + String(repeating: "x", count: 1 << 15))
      #expect(long.status == 413)
      #expect(long.json["error"] == "invalid_request")
    }
  }

  @Test func credentialsMayBePercentEncoded() async throws {
    try await withServer { server async throws in
      try await server.register("app one", secret: "a+b:c%d", scopes: ["users:read"])
      #expect(try await server.token("app+one", "a%2Bb%3Ac%25d").hasPrefix("rca_"))
    }
  }

  @Test func guessingTheSecretOfAnApplicationIsThrottled() async throws {
    try await withServer { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      for guess in 1...5 {
        let answer = try await server.form("token", "grant_type=client_credentials", as: "app:\(guess)")
        #expect(answer.status == 401)
      }
      let refused = try await server.form("token", "grant_type=client_credentials", as: "app:s3cret")
      #expect(refused.status == 429)
      #expect(refused.header("Retry-After") == "2")
      #expect(refused.json["error"] == "temporarily_unavailable")
    }
  }
}
