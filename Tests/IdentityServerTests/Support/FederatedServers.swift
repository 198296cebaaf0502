import Foundation
import JSON
import NIOHTTP1
import OpenID

/// Two servers of ours, the first of which signs users in with the second; and the application `app` of the first.
struct FederatedServers: Sendable {
  static let secret = "s3cret / for is1+"

  /// IS1, the relying party.
  let here: ServerFixture
  /// IS2, the provider, with the user bob, password `b0b`.
  let there: ServerFixture
  let party: RelyingParty

  /// What the second server tells the first of its users.
  var authenticator: JSONObject {
    [
      "type": "openidconnect", "clientId": "is1", "clientSecret": .string(Self.secret),
      "authorizationEndpoint": .string(there.origin + "/oauth2/authorize"),
      "tokenEndpoint": .string(there.origin + "/oauth2/token"),
      "callbackURL": .string(here.origin + "/commonauth"), "scopes": ["openid", "profile", "email", "groups"],
    ]
  }

  /// Runs the test with both.
  /// - Parameters:
  ///   - policy: just-in-time provisioning of the second at the first.
  ///   - provider: more of the identity provider, or other than usual.
  static func run(
    _ setup: ServerSetup = ServerSetup(), there: ServerSetup = ServerSetup(), policy: JSONObject = ["enabled": true],
    provider: JSONObject = [:], steps: JSONValue = [["federated": ["is2"]]],
    _ test: (FederatedServers) async throws -> Void
  ) async throws {
    try await withServer(setup) { here in
      try await withServer(there) { there in
        let servers = FederatedServers(here: here, there: there, party: RelyingParty(server: here))
        try await servers.prepare(policy, provider, steps)
        try await test(servers)
      }
    }
  }

  private func prepare(_ policy: JSONObject, _ provider: JSONObject, _ steps: JSONValue) async throws {
    _ = try await there.send(
      .POST, "/Users",
      [
        "userName": "bob", "password": "b0b", "name": ["givenName": "Bob", "familyName": "C"], "nickName": "Bobby",
        "emails": [["value": "bob@corp.example", "type": "work"]],
      ])
    _ = try await there.send(
      .POST, "/ServiceProviders",
      [
        "name": "is1",
        "inbound": [
          "openidconnect": [
            "clientId": "is1", "clientSecret": .string(Self.secret), "subject": "userName", "skipConsent": true,
            "redirectURIs": [.string(here.origin + "/commonauth")],
          ]
        ],
      ])
    var resource: JSONObject = [
      "name": "is2", "displayName": "Partner", "authenticators": [.object(authenticator)], "claims": ["userId": "sub"],
      "justInTimeProvisioning": .object(policy),
    ]
    for member in provider { resource[member.key] = member.value }
    _ = try await here.send(.POST, "/IdentityProviders", .object(resource))
    _ = try await here.send(
      .POST, "/ServiceProviders",
      [
        "name": "app", "authentication": ["steps": steps],
        "inbound": [
          "openidconnect": [
            "clientId": "app", "clientSecret": "s3cret", "skipConsent": true,
            "redirectURIs": [.string(RelyingParty.redirectURI)],
          ]
        ],
      ])
  }

  /// Sets attributes of the identity provider anew.
  func change(_ attributes: JSONObject) async throws {
    let id = try await here.find("/IdentityProviders", "name", "is2")?.text("id") ?? ""
    try await patch(here, "/IdentityProviders/\(id)", [["op": "replace", "value": .object(attributes)]])
  }

  func patch(_ server: ServerFixture, _ path: String, _ operations: [JSONValue]) async throws {
    let answer = try await server.send(
      .PATCH, path,
      ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": .array(operations)])
    guard answer.status == 200 else { throw Unexpected(answer: answer.text) }
  }

  struct Unexpected: Error { let answer: String }
}

/// Somebody who has to do with both servers.
struct Traveller {
  let servers: FederatedServers
  /// The same browser: what each server sets, the other does not see.
  let here: TestBrowser
  let there: TestBrowser

  init(_ servers: FederatedServers) {
    self.servers = servers
    here = TestBrowser(servers.here)
    there = TestBrowser(servers.there)
  }

  /// Goes to the first server and as far as that leads: to the second, unless there is a choice.
  func setOut(_ changes: [String: String] = [:]) async throws -> Answer {
    try await here.follow(try await here.get(servers.party.authorize(changes)))
  }

  /// Signs in at the second server, to which the answer sends the browser; the answer sends it back to the first.
  func signInThere(_ answer: Answer, _ userName: String = "bob", _ password: String = "b0b") async throws -> Answer {
    let page = try await there.follow(try await there.get(answer.header("Location") ?? "/"))
    guard page.text.contains("name=\"password\"") else { return page }
    return try await there.follow(
      try await there.submit(page, ["username": userName, "password": password], to: "/login"))
  }

  /// The whole way: the answer sends the browser to the application, or is a page of the first server.
  func signIn(
    _ userName: String = "bob", _ password: String = "b0b", _ changes: [String: String] = [:]
  ) async throws -> Answer {
    try await comeBack(try await signInThere(try await setOut(changes), userName, password))
  }

  /// Goes back to the first server, to which the answer sends the browser.
  func comeBack(_ answer: Answer) async throws -> Answer {
    try await here.follow(try await here.get(answer.header("Location") ?? "/"))
  }
}
