import Foundation
import IdentityServer
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import Testing

/// What the provider tells of itself (OpenID Connect Discovery, RFC 8414), and the userinfo endpoint.
struct ProviderDiscoveryTests {
  private static let places = [
    "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
    "/oauth2/token/.well-known/openid-configuration", "/oauth2/oidcdiscovery/.well-known/openid-configuration",
  ]

  @Test func everyPlaceTellsTheSame() async throws {
    try await withServer { server async throws in
      for place in Self.places {
        let answer = try await server.send(.GET, url: server.origin + place)
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "application/json")
        #expect(answer.header("Access-Control-Allow-Origin") == "*")
        let metadata = answer.json
        #expect(metadata["issuer"]?.string == server.origin)
        for (name, path) in [
          ("authorization_endpoint", "/oauth2/authorize"), ("token_endpoint", "/oauth2/token"),
          ("userinfo_endpoint", "/oauth2/userinfo"), ("jwks_uri", "/oauth2/jwks"),
          ("introspection_endpoint", "/oauth2/introspect"), ("revocation_endpoint", "/oauth2/revoke"),
          ("end_session_endpoint", "/oidc/logout"),
        ] {
          #expect(metadata[name]?.string == server.origin + path)
          #expect(try await server.send(.DELETE, url: server.origin + path).status == 405)
        }
        #expect(metadata["code_challenge_methods_supported"] == ["S256"])
        #expect(metadata["response_types_supported"] == ["code"])
        #expect(metadata["authorization_response_iss_parameter_supported"] == true)
        #expect(metadata["scopes_supported"]?.array?.contains("openid") == true)
      }
    }
  }

  @Test func theIssuerMayBeChosen() async throws {
    var setup = ServerSetup()
    setup.configuration.issuer = "https://id.example/oauth2/token"
    setup.configuration.publicURL = "https://id.example"
    try await withServer(setup) { server async throws in
      let metadata = try await server.send(.GET, url: server.origin + Self.places[2]).json
      #expect(metadata["issuer"] == "https://id.example/oauth2/token")
      #expect(metadata["token_endpoint"] == "https://id.example/oauth2/token")
    }
  }

  @Test func theUserIsToldToTokensOfUsersOnly() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let party = try await RelyingParty.registered(server)
      let tokens = try await party.tokens()
      let token = tokens.text("access_token")
      let posted = try await server.form("userinfo", "access_token=\(token)")
      #expect(posted.status == 200)
      #expect(posted.json["email"] == "ann@corp.example")
      #expect(posted.header("Cache-Control") == "no-store")

      try await server.register("machine", secret: "s3cret", scopes: ["users:read"])
      let others = [
        "", "wrong", tokens.text("refresh_token"), tokens.text("id_token"), ServerFixture.token,
        try await server.token("machine", "s3cret"),
      ]
      for other in others {
        let answer = try await party.userInfo(other)
        #expect(answer.status == 401, "\(other)")
        #expect(answer.header("WWW-Authenticate")?.hasPrefix("Bearer realm=") == true)
      }
      let inAddress = try await server.send(.GET, url: server.origin + "/oauth2/userinfo?access_token=\(token)")
      #expect(inAddress.status == 401, "addresses are written down on the way")
      #expect(inAddress.header("WWW-Authenticate") == #"Bearer realm="rollcall""#)
      setup.clock.advance(by: .seconds(3601))
      let expired = try await party.userInfo(token)
      #expect(expired.header("WWW-Authenticate")?.contains(#"error="invalid_token""#) == true)
    }
  }

  @Test func aTokenWithoutASignInTellsNothing() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, ["scopes": ["users:read"], "skipConsent": true])
      let tokens = try await party.tokens(["scope": "users:read"])
      #expect(tokens["id_token"] == nil)
      let answer = try await party.userInfo(tokens.text("access_token"))
      #expect(answer.status == 403)
      #expect(answer.header("WWW-Authenticate")?.contains(#"error="insufficient_scope""#) == true)
    }
  }

  @Test func whoIsGoneIsNotTold() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let tokens = try await party.tokens()
      let ann = try await server.send(.GET, "/Users?filter=userName+eq+%22ann%22").resources.first?.text("id") ?? ""
      _ = try await server.send(.DELETE, "/Users/\(ann)")
      #expect(try await party.userInfo(tokens.text("access_token")).status == 401)
      let asked = try await server.form("introspect", "token=\(tokens.text("access_token"))", as: "app:s3cret")
      #expect(asked.json.text == #"{"active":false}"#)
    }
  }

  @Test func theRegistrationIsAsTheApplicationIsToldBySCIM() async throws {
    try await withServer { server async throws in
      let party = RelyingParty(server: server)
      let made = try await server.send(
        .POST, "/ServiceProviders",
        [
          "name": "generated",
          "inbound": ["openidconnect": ["redirectURIs": [.string(RelyingParty.redirectURI)], "skipConsent": true]],
        ])
      #expect(made.status == 201)
      let answer = try await TestBrowser(server).signIn(
        at: party.authorize(["client_id": made.id]), "admin", "admin")
      #expect(answer.redirected["code"] != nil, "without a clientId the id of the resource is it")
    }
  }

  @Test func aSecretIsMadeAndShownOnce() async throws {
    try await withServer { server async throws in
      var party = try await RelyingParty.registered(server, ["accessTokenLifetime": "7m"])
      let made = try await server.form("client-secret", "client_id=app", as: "admin:admin")
      #expect(made.status == 200)
      #expect(made.header("Cache-Control") == "no-store")
      let old = try await party.authorized(TestBrowser(server)).redirected["code"] ?? ""
      #expect(try await party.redeem(old).json["error"] == "invalid_client")
      party.secret = made.json.text("client_secret")
      #expect(party.secret?.hasPrefix("rcl_") == true)
      let tokens = try await party.redeem(old)
      #expect(tokens.json["expires_in"] == 420, "the rest of the registration is what it was")
      #expect(try await server.form("client-secret", "client_id=no", as: "admin:admin").status == 400)
      #expect(try await server.form("client-secret", "client_id=app", as: "ann:secret").status == 403)
      #expect(try await server.form("client-secret", "client_id=app").status == 401)
      #expect(try await party.refresh(tokens.json.text("refresh_token")).status == 200)
    }
  }

  @Test func whatIsPublishedMayBeKept() async throws {
    try await withServer { server async throws in
      for path in ["/oauth2/jwks", "/.well-known/openid-configuration"] {
        let answer = try await server.send(.GET, url: server.origin + path)
        #expect(answer.header("Cache-Control") == "public, max-age=300")
        #expect(answer.header("Pragma") == nil)
      }
    }
  }
}
