import Foundation
import JSON
import NIOHTTP1
import OpenID
import Testing

/// What the authorization endpoint refuses, and to whom it says so (RFC 6749 section 4.1.2.1).
struct AuthorizationErrorTests {
  /// Until it is known who asks and where answers go, nobody is sent anywhere.
  @Test(
    arguments: [
      ["client_id": "unknown"], ["client_id": ""], ["redirect_uri": ""],
      ["redirect_uri": "https://evil.example/callback"], ["redirect_uri": "https://app.example/callback/"],
      ["redirect_uri": "https://app.example/callback?x=1"], ["redirect_uri": "https://app.example/Callback"],
      ["redirect_uri": "https://app.example@evil.example/callback"], ["redirect_uri": "//app.example/callback"],
      ["redirect_uri": "https://app.example/callback%0d%0aX:1"], ["redirect_uri": "javascript:alert(1)"],
    ])
  func nobodyIsSentToStrangers(_ changes: [String: String]) async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      for extra in [[:], ["prompt": "none"], ["response_type": "token"]] {
        let answer = try await TestBrowser(server).get(party.authorize(changes.merging(extra) { a, _ in a }))
        #expect(answer.status == 400)
        #expect(answer.header("Location") == nil)
        #expect(answer.header("Content-Type") == "text/html; charset=utf-8")
        #expect(!answer.text.contains("evil.example"))
      }
    }
  }

  private static let refusals: [([String: String], String)] = [
    (["response_type": ""], "invalid_request"), (["response_type": "token"], "unsupported_response_type"),
    (["response_type": "code id_token"], "unsupported_response_type"),
    (["response_mode": "fragment"], "invalid_request"),
    (["scope": ""], "invalid_scope"), (["scope": "profile"], "invalid_scope"), (["scope": "\""], "invalid_scope"),
    (["code_challenge_method": "plain"], "invalid_request"), (["code_challenge_method": ""], "invalid_request"),
    (["code_challenge": "short"], "invalid_request"), (["prompt": "none login"], "invalid_request"),
    (["prompt": "dance"], "invalid_request"), (["max_age": "-1"], "invalid_request"),
    (["max_age": "soon"], "invalid_request"), (["request": "x.y.z"], "request_not_supported"),
    (["request_uri": "urn:x"], "request_uri_not_supported"), (["prompt": "none"], "login_required"),
    (["id_token_hint": "a.b.c"], "invalid_request"),
  ]

  @Test func theApplicationHearsOfItsOwnMistakes() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      for (changes, error) in Self.refusals {
        let answer = try await TestBrowser(server).get(party.authorize(changes))
        #expect(answer.header("Location")?.hasPrefix("https://app.example/callback?error=") == true, "\(changes)")
        #expect(answer.redirected["error"] == error, "\(changes)")
        #expect(answer.redirected["state"] == "the state")
        #expect(answer.redirected["iss"] == server.origin)
        #expect(answer.redirected["code"] == nil)
      }
      let twice = try await TestBrowser(server).get(party.authorize() + "&state=other")
      #expect(twice.status == 400)
      #expect(twice.header("Location") == nil)
    }
  }

  @Test func whoMayNotUseTheFlowIsTold() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, ["grantTypes": ["client_credentials"]])
      let answer = try await TestBrowser(server).get(party.authorize())
      #expect(answer.redirected["error"] == "unauthorized_client")
    }
  }

  @Test(arguments: [["pkce": "required"], [:]] as [JSONObject])
  func whoeverMustProveItsCodeSendsAChallenge(_ settings: JSONObject) async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server, settings, secret: settings.isEmpty ? nil : "s3cret")
      let answer = try await TestBrowser(server).get(
        party.authorize(["code_challenge": "", "code_challenge_method": ""]))
      #expect(answer.redirected["error"] == "invalid_request")
      #expect(answer.redirected["error_description"]?.contains("code_challenge") == true)
    }
  }

  @Test func nativeApplicationsMayHaveAnyPortOfTheLoopback() async throws {
    try await withServer { server async throws in
      let settings: JSONObject = ["redirectURIs": ["http://127.0.0.1/callback", "com.example.app:/callback"]]
      let party = try await RelyingParty.registered(server, settings, secret: nil)
      for uri in ["http://127.0.0.1:4711/callback", "http://127.0.0.1:4711/other", "http://localhost/callback"] {
        let answer = try await TestBrowser(server).get(party.authorize(["redirect_uri": uri]))
        #expect(answer.status == 400, "\(uri)")
      }
      var native = party
      native.clientID = "native"
      try await native.register(settings.merging(["anyLoopbackPort": true]))
      for uri in ["http://127.0.0.1:4711/callback", "com.example.app:/callback"] {
        let answer = try await TestBrowser(server).signIn(at: native.authorize(["redirect_uri": uri]))
        #expect(answer.text.plainText.contains("native asks for access"), "\(uri)")
      }
      for uri in [
        "http://127.0.0.1:4711/other", "http://127.0.0.1:x/callback", "http://127.0.0.1.evil.example/callback",
      ] {
        #expect(try await TestBrowser(server).get(native.authorize(["redirect_uri": uri])).status == 400, "\(uri)")
      }
    }
  }

  @Test(
    arguments: [
      "http://app.example/callback", "javascript:alert(1)", "data:text/html,x", "https://app.example/#x", "/callback",
      "https://user@app.example/", "https:///callback", "ftp://app.example/", "https://app.example/ callback",
    ])
  func addressesThatCannotBeTrustedAreNotRegistered(_ uri: String) async throws {
    try await withServer { server async throws in
      for name in ["redirectURIs", "postLogoutRedirectURIs"] {
        let answer = try await RelyingParty(server: server).register([name: [.string(uri)]])
        #expect(answer.status == 400, "\(uri)")
        #expect(answer.json["scimType"] == "invalidValue")
      }
    }
  }

  @Test func whatIsTooLongIsRefused() async throws {
    try await withServer { server async throws in
      let party = try await RelyingParty.registered(server)
      let answer = try await TestBrowser(server).get(party.authorize(["state": String(repeating: "x", count: 4096)]))
      #expect(answer.status == 400)
      #expect(answer.header("Location") == nil)
    }
  }
}

extension JSONObject {
  fileprivate func merging(_ others: JSONObject) -> JSONObject {
    others.reduce(into: self) { $0[$1.key] = $1.value }
  }
}
