import HTTPTypes
import JSON
import SCIM
import SeededRandom
import Testing

@testable import Endpoints

@Suite struct WSO2IdentityProviderTests {
  private let type: ResourceType
  private static let base = "/api/server/v1/identity-providers"

  init() throws { type = try Fixtures.type("IdentityProvider") }

  private static func partner(secret: String? = "s3cret-of-ours") -> JSONObject {
    var authenticator: JSONObject = [
      "type": "openidconnect", "clientId": "rollcall", "authorizationEndpoint": "https://p.example/authorize",
      "tokenEndpoint": "https://p.example/token", "callbackURL": "https://is.example/commonauth",
      "scopes": ["openid", "email"], "jwksURI": "https://p.example/jwks",
    ]
    authenticator["clientSecret"] = secret.map(JSONValue.string)
    return [
      "name": "partner", "displayName": "Partner", "enabled": true, "authenticators": [.object(authenticator)],
      "claims": [
        "userId": "sub", "roles": "groups",
        "mapping": [["remote": "email", "local": "http://wso2.org/claims/emailaddress"]],
      ],
      "roles": ["mapping": [["remote": "dev", "local": "Internal/developer"]]],
      "justInTimeProvisioning": ["enabled": true, "userStoreDomain": "PRIMARY", "prompt": "consent"],
    ]
  }

  @Test func whatIsCreatedIsReadTheSameButForItsSecret() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, _ in
      let made = try await endpoint.create(Self.partner(), as: type)
      let page = try await endpoint.page(of: type, at: nil)
      #expect(page.totalResults == 1 && page.next == nil)
      let seen = try #require(page.resources.first)
      #expect(seen.id == made.id)
      var attributes = seen.attributes
      attributes["id"] = nil
      attributes["schemas"] = nil
      #expect(attributes == Self.partner(secret: nil))
      #expect(try await endpoint.find(type, where: "name", equals: "partner").map(\.id) == [made.id])
    }
    #expect(faults.requests(.post).count == 1)
    #expect(faults.requests(.patch).isEmpty && faults.requests(.put).isEmpty)
  }

  @Test func eachPartIsWrittenByItsOwnCall() async throws {
    let faults = FaultPlan()
    let cases: [(path: String, value: JSONValue, request: String)] = [
      ("displayName", "Other", "PATCH \(Self.base)/idp-1"), ("enabled", false, "PATCH \(Self.base)/idp-1"),
      ("claims.userId", "email", "PUT \(Self.base)/idp-1/claims"),
      ("roles.mapping", [["remote": "ops", "local": "Internal/ops"]], "PUT \(Self.base)/idp-1/roles"),
      ("justInTimeProvisioning.prompt", "none", "PUT \(Self.base)/idp-1/provisioning/jit"),
      (
        #"authenticators[type eq "openidconnect"].clientId"#, "other",
        "PUT \(Self.base)/idp-1/federated-authenticators/\(WSO2Providers.openIDConnect)"
      ),
      (#"authenticators[type eq "openidconnect"].jwksURI"#, "https://p.example/k", "PATCH \(Self.base)/idp-1"),
    ]
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, _ in
      let id = try await endpoint.create(Self.partner(), as: type).id
      for (path, value, request) in cases {
        let before = faults.requests.count
        _ = try await endpoint.update(id, of: type, try .replacing(path, with: value), version: nil)
        let sent = faults.requests.dropFirst(before).filter { !$0.hasPrefix("GET ") }
        #expect(sent == [request], "\(path)")
        let seen = try #require(try await endpoint.resource(id, of: type))
        #expect(try AttributePath(parsing: path).values(in: seen.attributes).last != nil, "\(path)")
        // What is so already needs no call.
        let again = faults.requests.count
        _ = try await endpoint.update(id, of: type, try .replacing(path, with: value), version: nil)
        #expect(faults.requests.dropFirst(again).allSatisfy { $0.hasPrefix("GET ") }, "\(path)")
      }
    }
  }

  @Test(arguments: [false, true])
  func anAuthenticatorKeepsItsSecretAndStaysTheDefault(masked: Bool) async throws {
    try await WSO2TestServer.use { [type] endpoint, server in
      if masked { server.providers.maskSecrets() }
      let id = try await endpoint.create(Self.partner(), as: type).id
      let path = #"authenticators[type eq "openidconnect"]"#
      _ = try await endpoint.update(id, of: type, try .replacing("\(path).clientId", with: "other"), version: nil)
      #expect(try values(server)["ClientSecret"] == "s3cret-of-ours")
      #expect(try values(server)["ClientId"] == "other")
      _ = try await endpoint.update(id, of: type, try .replacing("\(path).clientSecret", with: "new-one"), version: nil)
      #expect(try values(server)["ClientSecret"] == "new-one")
      #expect(try values(server)["ClientId"] == "other")
      let list = server.providers.document(named: "partner")?["federatedAuthenticators"]
      #expect(list?["defaultAuthenticatorId"]?.string == WSO2Providers.openIDConnect)
    }
  }

  private func values(_ server: WSO2TestServer) throws -> JSONObject {
    let document = try #require(server.providers.document(named: "partner"))
    let one = document["federatedAuthenticators"]?["authenticators"]?.array?.first?.object
    return WSO2Property.values(try #require(one))
  }

  @Test func aRefusalDoesNotRepeatASecret() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, _ in
      faults.queue(.post, .refuse(400, body: #"{"description":"s3cret-of-ours is too short"}"#))
      let error = await failure { _ = try await endpoint.create(Self.partner(), as: type) }
      #expect(error?.message.contains("too short") == true)
      #expect(error?.message.contains("s3cret-of-ours") == false)
    }
  }

  @Test func aRefusalDoesNotRepeatTheSecretOfAConnector() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.useWithConnector(faults: faults) { [type] endpoint, _ in
      let provider = try #require(try await endpoint.page(of: type, at: nil).resources.first)
      faults.queue(.put, .refuse(400, body: #"{"message":"refused","description":"c0nnector-pw is too short"}"#))
      let other: JSONValue = [
        "name": "scim", "type": "scim1", "username": "other", "userEndpoint": "https://x.example",
      ]
      let error = await failure {
        _ = try await endpoint.update(
          provider.id, of: type, try .replacing("provisioning.connectors", with: [other]), version: nil)
      }
      #expect(error?.message.contains("too short") == true)
      #expect(error?.message.contains("c0nnector-pw") == false)
    }
  }

  @Test func aLostCreateIsLookedUpByName() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(.init(tenant: "acme.example"), faults: faults) { [type] endpoint, server in
      faults.queue(.post, .obeyThenDrop)
      var disabled = Self.partner()
      disabled["enabled"] = false
      let made = try await endpoint.create(disabled, as: type)
      #expect(made.id == "idp-1")
      #expect(server.providers.document(named: "partner")?["isEnabled"] == false)
      try await endpoint.delete(made.id, of: type, version: nil)
      try await endpoint.delete(made.id, of: type, version: nil)
      #expect(try await endpoint.resource(made.id, of: type) == nil)
    }
    #expect(faults.requests(.post).count == 1)
    #expect(
      faults.requests.filter { $0.contains("identity-providers") }.allSatisfy { $0.contains(" /t/acme.example/") })
  }

  @Test func thereAndBackAgain() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<500 {
      var attributes: JSONObject = [:]
      for member in Self.partner(secret: nil).members where member.key == "name" || Bool.random(using: &random) {
        attributes[member.key] = member.value
      }
      attributes["enabled"] = true
      var document = WSO2IdentityProvider.document(attributes)
      document["isEnabled"] = true
      let one = document["federatedAuthenticators"]?["authenticators"]?.array?.first?.object
      var back = WSO2IdentityProvider.resource(document, authenticator: one).attributes
      back["schemas"] = nil
      #expect(back == attributes)
    }
  }
}
