import Foundation
import JSON
import JWTKit
import NIOHTTP1
import OpenID
import Testing

/// The authorization code flow (OpenID Connect Core section 3.1) from the first request to what the application learns.
struct OpenIDFlowTests {
  @Test func anApplicationSignsAUserIn() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      let signInPage = try await browser.follow(try await browser.get(party.authorize()))
      #expect(signInPage.status == 200)
      #expect(signInPage.text.plainText.contains("to app"))
      let consentPage = try await browser.follow(
        try await browser.submit(signInPage, ["username": "ann", "password": "secret"], to: "/login"))
      #expect(consentPage.text.plainText.contains("app asks for access"))
      #expect(consentPage.text.contains("See your e-mail address"))
      #expect(consentPage.text.contains("https://app.example"))
      let answer = try await browser.follow(
        try await browser.submit(consentPage, ["decision": "allow"], to: "/oauth2/consent"))
      #expect(answer.status == 303)
      #expect(answer.header("Location")?.hasPrefix("https://app.example/callback?code=rcc_") == true)
      #expect(answer.redirected["state"] == "the state")
      #expect(answer.redirected["iss"] == server.origin)

      let tokens = try await party.redeem(answer.redirected["code"] ?? "")
      #expect(tokens.status == 200, "\(tokens.text)")
      #expect(tokens.header("Cache-Control") == "no-store")
      #expect(tokens.json["token_type"] == "Bearer")
      #expect(tokens.json["expires_in"] == 3600)
      #expect(tokens.json["scope"] == "openid profile email")
      #expect(tokens.json.text("refresh_token").hasPrefix("rcr_"))

      let claims = try await party.verified(tokens.json["id_token"]?.string)
      let ann = try await server.send(.GET, "/Users?filter=userName+eq+%22ann%22").resources.first?.text("id")
      #expect(claims.iss.value == server.origin)
      #expect(claims.sub.value == ann)
      #expect(claims.aud.value == ["app"])
      #expect(claims.azp == "app")
      #expect(claims.nonce == "the nonce")
      #expect(claims.exp.value.timeIntervalSince(claims.iat.value) == 3600)
      #expect(claims.authTime == 1_790_000_000)
      #expect(claims.amr == ["pwd"])
      #expect(claims.accessTokenHash == IDToken.hash(TokenSecret(tokens.json.text("access_token"))))
      #expect(claims.email == "ann@corp.example")
      #expect(claims.groups == nil)

      let info = try await party.userInfo(tokens.json.text("access_token"))
      #expect(info.status == 200)
      #expect(info.json["sub"]?.string == ann)
      #expect(info.json["name"] == "Ann B")
      #expect(info.json["preferred_username"] == "ann")
      #expect(info.json["email"] == "ann@corp.example")
      #expect(info.json["updated_at"]?.int == 1_790_000_000)
    }
  }

  @Test func whoHasSignedInAndAgreedIsNotAskedAgain() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      _ = try await party.authorized(browser)
      let again = try await browser.get(party.authorize())
      #expect(again.redirected["code"]?.hasPrefix("rcc_") == true)
      let fewer = try await browser.get(party.authorize(["scope": "openid email"]))
      #expect(fewer.redirected["code"] != nil)
      let more = try await browser.get(party.authorize(["scope": "openid phone"]))
      #expect(more.text.contains("See your telephone number"))
      var other = party
      other.clientID = "other"
      try await other.register()
      #expect(try await browser.get(other.authorize()).text.plainText.contains("other asks for access"))
    }
  }

  @Test func aServiceProviderMaySkipConsent() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, ["skipConsent": true])
      let answer = try await TestBrowser(server).signIn(at: party.authorize())
      #expect(answer.redirected["code"] != nil)
      let browser = TestBrowser(server)
      let asked = try await browser.signIn(at: party.authorize(["prompt": "consent"]))
      #expect(asked.text.plainText.contains("app asks for access"))
      let allowed = try await browser.follow(
        try await browser.submit(asked, ["decision": "allow"], to: "/oauth2/consent"))
      #expect(allowed.redirected["code"] != nil)
    }
  }

  @Test func theUserMayDeny() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let browser = TestBrowser(server)
      let page = try await browser.signIn(at: party.authorize())
      let answer = try await browser.submit(page, ["decision": "deny"], to: "/oauth2/consent")
      #expect(answer.header("Location")?.hasPrefix(RelyingParty.redirectURI) == true)
      #expect(answer.redirected["error"] == "access_denied")
      #expect(answer.redirected["state"] == "the state")
      #expect(answer.redirected["iss"] == server.origin)
      #expect(try await browser.get(party.authorize()).text.plainText.contains("app asks for access"))
    }
  }

  @Test func scopesTellWhatTheyAreAbout() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let ann = try await server.send(.GET, "/Users?filter=userName+eq+%22ann%22").resources.first?.text("id") ?? ""
      _ = try await server.send(
        .PATCH, "/Users/\(ann)",
        [
          "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          "Operations": [
            [
              "op": "add",
              "value": [
                "phoneNumbers": [["value": "+47 1"], ["value": "+47 2", "primary": true]],
                "addresses": [["streetAddress": "Street 1", "country": "NO", "type": "work"]],
              ],
            ]
          ],
        ])
      let group = try await server.send(
        .POST, "/Groups", ["displayName": "staff", "members": [["value": .string(ann)]]])
      #expect(group.status == 201)
      _ = try await server.send(.POST, "/Roles", ["displayName": "auditor", "groups": [["value": .string(group.id)]]])
      let tokens = try await party.tokens(["scope": "openid phone address groups roles"])
      let info = try await party.userInfo(tokens.text("access_token")).json
      #expect(info["phone_number"] == "+47 2")
      #expect(info["address"] == ["street_address": "Street 1", "country": "NO"])
      #expect(info["groups"] == ["staff"])
      #expect(info["roles"] == ["auditor"])
      #expect(info["email"] == nil)
      #expect(info["name"] == nil)
      #expect(try await party.verified(tokens["id_token"]?.string).groups == ["staff"])
    }
  }

  @Test func aRegistrationMayLimitTheScopesAndNameTheUser() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(
        server, ["scopes": ["email"], "subject": "userName", "idTokenAlgorithm": "ES256"])
      let tokens = try await party.tokens(["scope": "openid profile email unheard-of"])
      #expect(tokens["scope"] == "openid email")
      #expect(try await party.verified(tokens["id_token"]?.string).sub.value == "ann")
      let head = String(tokens.text("id_token").prefix { $0 != "." })
      #expect(String(decoding: Base64URL.decoded(head) ?? [], as: UTF8.self).contains("ES256"))
      #expect(try await party.userInfo(tokens.text("access_token")).json["sub"] == "ann")
    }
  }

  /// A user's token opens what both the user and the application may do; of ann that is nothing.
  @Test func scopesForResourcesAreWorthWhatTheUserMayDo() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, ["scopes": ["openid", "users:read"], "skipConsent": true])
      let browser = TestBrowser(server)
      let answer = try await browser.signIn(at: party.authorize(["scope": "openid users:read"]))
      let ofAnn = try await party.redeem(answer.redirected["code"] ?? "").json
      #expect(ofAnn["scope"] == "openid users:read")
      #expect(try await server.send(.GET, "/Users", token: ofAnn.text("access_token")).status == 403)
      #expect(try await server.send(.GET, "/Me", token: ofAnn.text("access_token")).status == 403)
      let admin = try await TestBrowser(server).signIn(
        at: party.authorize(["scope": "openid users:read"]), "admin", "admin")
      let ofAdmin = try await party.redeem(admin.redirected["code"] ?? "").json
      #expect(try await server.send(.GET, "/Users", token: ofAdmin.text("access_token")).status == 200)
      #expect(
        try await server.send(.POST, "/Users", ["userName": "x"], token: ofAdmin.text("access_token")).status == 403)
    }
  }

  @Test func aPostedRequestIsTaken() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, ["skipConsent": true])
      let browser = TestBrowser(server)
      let query = party.authorize().split(separator: "?")[1]
      let fields = URLComponents(string: "?\(query)")?.queryItems ?? []
      let posted = try await browser.post(
        "/oauth2/authorize", Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value ?? "") }))
      let page = try await browser.follow(posted)
      let answer = try await browser.follow(
        try await browser.submit(page, ["username": "ann", "password": "secret"], to: "/login"))
      #expect(answer.redirected["code"] != nil)
      #expect(answer.redirected["state"] == "the state")
    }
  }

  /// RFC 6750 section 2: in the header or in the form, and never in both.
  @Test func userInfoTakesATokenInOneWay() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let token = try await party.tokens().text("access_token")
      let header = ["Authorization": "Bearer \(token)"]
      #expect(try await server.form("userinfo", "access_token=\(token)").status == 200)
      #expect(try await server.form("userinfo", "", headers: header).status == 200)
      let both = try await server.form("userinfo", "access_token=\(token)", headers: header)
      #expect(both.status == 400)
      #expect(both.header("WWW-Authenticate")?.contains("invalid_request") == true)
    }
  }
}
