import Foundation
import OpenID
import SeededRandom
import Testing

/// What comes next in an authorization, for every state of session and consent.
struct AuthorizationFlowTests {
  private static let start = Date(timeIntervalSince1970: 1_800_000_000)
  private static let redirectURI = RedirectURI("https://app.example/callback")

  private func flow(
    _ parameters: [String: String] = [:], skipsConsent: Bool = false, steps: [Client.Step] = [.password],
    expected: String? = nil
  ) throws -> AuthorizationFlow {
    let client = Client(
      id: "app", resource: "r", grantTypes: [.authorizationCode], redirectURIs: [Self.redirectURI],
      skipsConsent: skipsConsent, steps: steps)
    let all = ["response_type": "code", "scope": "openid email"].merging(parameters) { _, new in new }
    return AuthorizationFlow(
      try AuthorizationRequest(all, from: client, to: Self.redirectURI), startedAt: Self.start,
      expectedSubject: expected)
  }

  private func session(_ age: TimeInterval, by authenticators: Set<String> = ["local:basic"]) -> UserSession {
    UserSession(
      id: "s", digest: TokenSecret("s").digest, user: "u", authenticatedAt: Self.start.addingTimeInterval(-age),
      methods: ["pwd"], authenticators: authenticators, credential: "", seenAt: Self.start,
      expiresAt: Self.start.addingTimeInterval(3600))
  }

  private func consent(_ scopes: String, age: TimeInterval = 10) throws -> Consent {
    Consent(
      user: "u", resource: "r", scopes: try Scopes(parsing: scopes), givenAt: Self.start.addingTimeInterval(-age))
  }

  private func next(
    _ flow: AuthorizationFlow, _ session: UserSession?, _ consent: Consent? = nil
  ) -> AuthorizationFlow.Step {
    let visitor = session.map { AuthorizationFlow.Visitor(session: $0, subject: $0.user, consent: consent) }
    return flow.next(visitor, at: Self.start)
  }

  private func code(_ step: AuthorizationFlow.Step) -> OAuthError.Code? {
    if case .refuse(let error) = step { error.code } else { nil }
  }

  @Test func firstTheLoginThenTheConsentThenTheCode() throws {
    let flow = try flow()
    #expect(next(flow, nil) == .login)
    #expect(next(flow, session(5)) == .consent(flow.request.scopes))
    #expect(next(flow, session(5), try consent("openid")) == .consent(flow.request.scopes))
    #expect(next(flow, session(5), try consent("openid email phone")) == .grant)
    #expect(next(try self.flow(skipsConsent: true), session(5)) == .grant)
  }

  @Test func promptNoneShowsNothing() throws {
    let flow = try flow(["prompt": "none"])
    #expect(code(next(flow, nil)) == .loginRequired)
    #expect(code(next(flow, session(5))) == .consentRequired)
    #expect(next(flow, session(5), try consent("openid email")) == .grant)
  }

  @Test(arguments: ["login", "select_account", "login consent"])
  func promptLoginTakesAFreshOne(_ prompt: String) throws {
    let flow = try flow(["prompt": prompt])
    #expect(next(flow, session(0.001), try consent("openid email")) == .login)
    #expect(next(flow, session(0), try consent("openid email", age: 0)) == .grant)
    #expect(next(flow, session(-5), try consent("openid email", age: -6)) == .grant)
  }

  @Test func promptConsentAsksAgain() throws {
    for skips in [true, false] {
      let flow = try flow(["prompt": "consent"], skipsConsent: skips)
      #expect(next(flow, session(5), try consent("openid email", age: 1)) == .consent(flow.request.scopes))
      #expect(next(flow, session(5), try consent("openid email", age: -1)) == .grant)
    }
  }

  @Test func aSessionMayBeTooOld() throws {
    let agreed = try consent("openid email")
    #expect(next(try flow(["max_age": "60"]), session(60), agreed) == .grant)
    #expect(next(try flow(["max_age": "60"]), session(61), agreed) == .login)
    #expect(next(try flow(["max_age": "0"]), session(1), agreed) == .login)
    #expect(next(try flow(["max_age": "0"]), session(0), agreed) == .grant)
    #expect(code(next(try flow(["max_age": "60", "prompt": "none"]), session(61), agreed)) == .loginRequired)
  }

  @Test func everyStepOfTheClientIsAskedFor() throws {
    let agreed = try consent("openid email")
    let federated = try flow(steps: [Client.Step(federated: ["is2", "is3"])])
    #expect(next(federated, session(5), agreed) == .login)
    #expect(next(federated, session(5, by: ["federated:is4"]), agreed) == .login)
    #expect(next(federated, session(5, by: ["federated:is3"]), agreed) == .grant)
    let both = try flow(steps: [.password, Client.Step(federated: ["is2"])])
    #expect(next(both, session(5, by: ["local:basic"]), agreed) == .login)
    #expect(next(both, session(5, by: ["local:basic", "federated:is2"]), agreed) == .grant)
    let either = try flow(steps: [Client.Step(local: ["basic"], federated: ["is2"])])
    #expect(next(either, session(5, by: ["federated:is2"]), agreed) == .grant)
  }

  @Test func theExpectedUserIsTheOneOrNobody() throws {
    let agreed = try consent("openid email")
    #expect(next(try flow(expected: "u"), session(5), agreed) == .grant)
    #expect(next(try flow(expected: "v"), session(5), agreed) == .login)
    #expect(code(next(try flow(expected: "v"), session(-1), agreed)) == .loginRequired)
    #expect(code(next(try flow(["prompt": "none"], expected: "v"), session(5), agreed)) == .loginRequired)
  }

  /// A code is only given to whoever has a session that is good enough, and has agreed or need not.
  @Test(arguments: 1...6) func nobodyGetsACodeForNothing(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var granted = 0
    for _ in 1...2000 {
      var parameters: [String: String] = [:]
      if Bool.random(using: &random) {
        parameters["prompt"] = ["none", "login", "consent", "select_account"].randomElement(using: &random)
      }
      if Bool.random(using: &random) { parameters["max_age"] = "\(Int.random(in: 0...20, using: &random))" }
      let skips = Bool.random(using: &random)
      let flow = try flow(parameters, skipsConsent: skips)
      let age = TimeInterval(Int.random(in: -20...20, using: &random))
      let session = Bool.random(using: &random) ? session(age) : nil
      let agreed = Bool.random(using: &random) ? try consent("openid email", age: age / 2) : nil
      let step = next(flow, session, agreed)
      if step == .grant {
        granted += 1
        let session = try #require(session)
        #expect(agreed != nil || (skips && parameters["prompt"] != "consent"))
        if ["login", "select_account"].contains(parameters["prompt"]) {
          #expect(session.authenticatedAt >= Self.start)
        }
      }
      if parameters["prompt"] == "none" {
        #expect(step == .grant || [.loginRequired, .consentRequired].contains(code(step)))
      } else {
        #expect(code(step) == nil)
      }
    }
    #expect((100..<1500).contains(granted))
  }

  /// Any program of the machine may wait at such an address, so that an earlier consent is not taken for this one.
  @Test(arguments: [
    ("http://127.0.0.1/cb", true, true), ("com.example.app:/cb", true, true), ("https://app.example/cb", true, false),
    ("http://127.0.0.1/cb", false, false),
  ])
  func aNativeApplicationIsAllowedEachTime(_ address: String, _ isPublic: Bool, _ isAsked: Bool) throws {
    let redirectURI = RedirectURI(address)
    var client = Client(
      id: "app", resource: "r", grantTypes: [.authorizationCode], isPublic: isPublic, redirectURIs: [redirectURI])
    let flow = { (client: Client, prompt: String) in
      var parameters = [
        "response_type": "code", "scope": "openid email", "code_challenge": CodeChallenge(of: "v").text,
        "code_challenge_method": "S256",
      ]
      parameters["prompt"] = prompt.isEmpty ? nil : prompt
      return AuthorizationFlow(
        try AuthorizationRequest(parameters, from: client, to: redirectURI), startedAt: Self.start)
    }
    let silent = next(try flow(client, "none"), session(5), try consent("openid email"))
    #expect(code(silent) == (isAsked ? .consentRequired : nil))
    #expect((next(try flow(client, ""), session(5), try consent("openid email")) == .grant) == !isAsked)
    #expect(next(try flow(client, ""), session(5), try consent("openid email", age: -1)) == .grant)
    client.skipsConsent = true
    #expect(next(try flow(client, "none"), session(5)) == .grant)
  }

  /// An identity provider may vouch for somebody who signed in there long ago: that is how old the proof is.
  @Test func aProofFromElsewhereIsAsOldAsItIs() throws {
    let agreed = try consent("openid email")
    var old = session(36_000)
    old.signedInAt = Self.start.addingTimeInterval(-5)
    #expect(next(try flow(), old, agreed) == .grant)
    #expect(next(try flow(["max_age": "600"]), old, agreed) == .login)
    #expect(code(next(try flow(["max_age": "600", "prompt": "none"]), old, agreed)) == .loginRequired)
    old.signedInAt = Self.start.addingTimeInterval(1)
    #expect(next(try flow(["prompt": "login"]), old, agreed) == .grant, "this request was what brought it")
    #expect(next(try flow(["max_age": "600"]), old, agreed) == .login)
    #expect(next(try flow(["max_age": "36000"]), old, agreed) == .grant)
  }
}
