import HTTPTypes
import JSON
import SCIM
import Testing

@testable import Endpoints

/// Applications of WSO2 Identity Server: service providers.
@Suite struct WSO2ApplicationTests {
  private let type: ResourceType
  private let providers: ResourceType
  private static let base = "/api/server/v1/applications"

  init() throws {
    type = try Fixtures.type("ServiceProvider")
    providers = try Fixtures.type("IdentityProvider")
  }

  private static func client(_ more: JSONObject = [:]) -> JSONObject {
    var client: JSONObject = [
      "clientId": "playground", "clientSecret": "s3cret-of-ours",
      "redirectURIs": ["http://localhost:8080/playground2/oauth2client"],
      "grantTypes": ["authorization_code", "refresh_token"], "pkce": "required", "accessTokenLifetime": "1h30m",
      "refreshTokenLifetime": "7d", "skipConsent": true,
    ]
    for member in more.members { client[member.key] = member.value }
    return client
  }

  private static func playground(_ client: JSONObject = client()) -> JSONObject {
    [
      "name": "playground2", "displayName": "Playground", "inbound": ["openidconnect": .object(client)],
      "authentication": ["steps": [["local": ["basic"], "federated": ["is2"]], ["local": ["totp"]]]],
      "outboundProvisioning": [["identityProvider": "is2", "connector": "scim"]],
    ]
  }

  @Test func whatIsCreatedIsReadTheSameButForItsSecret() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.useWithConnector(faults: faults) { [type] endpoint, server in
      let id = try await endpoint.create(Self.playground(), as: type).id
      let page = try await endpoint.page(of: type, at: nil)
      #expect(page.resources.map { $0["name"] } == ["resident", "playground2"] && page.next == nil)
      var seen = try #require(page.resources.last).attributes
      #expect(seen["id"]?.string == id)
      for name in ["id", "schemas"] { seen[name] = nil }
      var wanted = Self.client()
      wanted["clientSecret"] = nil
      #expect(seen == Self.playground(wanted))
      #expect(server.applications.client(of: "playground2")?["clientSecret"] == "s3cret-of-ours")
      #expect(server.applications.client(of: "playground2")?["publicClient"] == false)
      #expect(try await endpoint.find(type, where: "name", equals: "playground2").map(\.id) == [id])
    }
    #expect(faults.requests(.post).count == 2 && faults.requests(.patch).isEmpty && faults.requests(.put).isEmpty)
  }

  @Test func eachPartIsWrittenByItsOwnCallAndTheRestStays() async throws {
    let faults = FaultPlan()
    let (whole, client) = ("PATCH \(Self.base)/app-0", "PUT \(Self.base)/app-0/inbound-protocols/oidc")
    let cases: [(path: String, value: JSONValue, request: String)] = [
      ("displayName", "Other", whole),
      ("authentication.steps", [["federated": ["is2"]]], whole),
      ("outboundProvisioning", [], whole),
      ("inbound.openidconnect", ["skipConsent": false], whole),
      ("inbound.openidconnect", ["redirectURIs": ["https://a.example/cb"]], client),
      ("inbound.openidconnect", ["redirectURIs": ["https://a.example/cb?x=1", "https://b.example/cb"]], client),
      ("inbound.openidconnect", ["pkce": "optional"], client),
      ("inbound.openidconnect", ["grantTypes": ["client_credentials"]], client),
      ("inbound.openidconnect", ["accessTokenLifetime": "20m"], client),
      ("inbound.openidconnect", ["refreshTokenLifetime": "1d"], client),
    ]
    try await WSO2TestServer.useWithConnector(faults: faults) { [type] endpoint, server in
      let id = try await endpoint.create(Self.playground(), as: type).id
      server.applications.change("playground2") { document in
        document["advancedConfigurations"] = ["saas": true, "skipLoginConsent": true]
        document["provisioningConfigurations"] = [
          "inboundProvisioning": ["proxyMode": true],
          "outboundProvisioningIdps": [
            ["idp": "is2", "connector": "scim", "blocking": true, "rules": false, "jit": true]
          ],
        ]
      }
      for (path, value, request) in cases {
        let before = faults.requests.count
        _ = try await endpoint.update(id, of: type, try .replacing(path, with: value), version: nil)
        #expect(faults.writes(since: before) == [request], "\(path) \(value)")
        let again = faults.requests.count
        _ = try await endpoint.update(id, of: type, try .replacing(path, with: value), version: nil)
        #expect(faults.writes(since: again).isEmpty, "\(path) \(value)")
      }
      let document = try #require(server.applications.document(named: "playground2"))
      #expect(document["advancedConfigurations"]?["saas"] == true)
      #expect(document["provisioningConfigurations"]?["inboundProvisioning"]?["proxyMode"] == true)
      let kept = try #require(server.applications.client(of: "playground2"))
      #expect(kept["clientSecret"] == "s3cret-of-ours")
      #expect(kept["idToken"]?["expiryInSeconds"] == 3600 && kept["accessToken"]?["type"] == "Default")
      #expect(kept["callbackURLs"] == [#"regexp=(https://a\.example/cb\?x=1|https://b\.example/cb)"#])
      let seen = try #require(try await endpoint.resource(id, of: type))
      #expect(
        seen["inbound"]?["openidconnect"]?["redirectURIs"] == ["https://a.example/cb?x=1", "https://b.example/cb"])
      #expect(seen["authentication"]?["steps"] == [["federated": ["is2"]]])
    }
  }

  @Test func anEntryOfProvisioningKeepsWhatNoManifestKnows() async throws {
    try await WSO2TestServer.useWithConnector { [type] endpoint, server in
      let id = try await endpoint.create(Self.playground(), as: type).id
      server.applications.change("playground2") { document in
        document["provisioningConfigurations"] = [
          "outboundProvisioningIdps": [
            ["idp": "is2", "connector": "scim", "blocking": true, "rules": true, "jit": true]
          ]
        ]
      }
      // The default connector is meant where none is named.
      let both: JSONValue = [["identityProvider": "is2"], ["identityProvider": "is2", "connector": "scim"]]
      _ = try await endpoint.update(id, of: type, try .replacing("outboundProvisioning", with: both), version: nil)
      let entry: JSONValue = ["idp": "is2", "connector": "scim", "blocking": true, "rules": true, "jit": true]
      let document = server.applications.document(named: "playground2")
      #expect(document?["provisioningConfigurations"]?["outboundProvisioningIdps"] == [entry, entry])
      let error = await failure {
        _ = try await endpoint.update(
          id, of: type, try .replacing("outboundProvisioning", with: [["identityProvider": "nobody"]]), version: nil)
      }
      #expect(error?.message.contains("no default connector") == true)
    }
  }

  @Test func theDefaultConnectorIsMeantWhereNoneIsNamed() async throws {
    try await WSO2TestServer.useWithConnector { [type] endpoint, server in
      _ = try await endpoint.create(
        ["name": "till", "outboundProvisioning": [["identityProvider": "is2"]]], as: type)
      let entry: JSONValue = ["idp": "is2", "connector": "scim", "blocking": false, "rules": false, "jit": false]
      let document = server.applications.document(named: "till")
      #expect(document?["provisioningConfigurations"]?["outboundProvisioningIdps"] == [entry])
    }
  }

  @Test(arguments: [false, true])
  func aSecretStaysAndCannotBeChanged(masked: Bool) async throws {
    try await WSO2TestServer.useWithConnector { [type] endpoint, server in
      if masked { server.applications.maskSecrets() }
      let id = try await endpoint.create(Self.playground(), as: type).id
      _ = try await endpoint.update(
        id, of: type, try .replacing("inbound.openidconnect", with: ["pkce": "optional"]), version: nil)
      #expect(server.applications.client(of: "playground2")?["clientSecret"] == "s3cret-of-ours")
      let error = await failure {
        _ = try await endpoint.update(
          id, of: type, try .replacing("inbound.openidconnect", with: ["clientSecret": "new-one"]), version: nil)
      }
      #expect(error?.message.contains("Invalid ClientSecret") == true)
    }
  }

  @Test func aClientComesAndGoes() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.useWithConnector(faults: faults) { [type] endpoint, server in
      let id = try await endpoint.create(["name": "till"], as: type).id
      #expect(try await endpoint.resource(id, of: type)?["inbound"] == nil)
      let path = "\(Self.base)/app-0/inbound-protocols/oidc"
      var before = faults.requests.count
      _ = try await endpoint.update(
        id, of: type, try .replacing("inbound.openidconnect", with: ["redirectURIs": ["https://a.example"]]),
        version: nil)
      #expect(faults.writes(since: before) == ["PUT \(path)"])
      let client = server.applications.client(of: "till")
      #expect(client?["grantTypes"] == ["authorization_code"] && client?["publicClient"] == true)
      before = faults.requests.count
      _ = try await endpoint.update(
        id, of: type, .patch([PatchOperation(.remove, AttributePath("inbound"))]), version: nil)
      #expect(faults.writes(since: before) == ["DELETE \(path)"])
      #expect(server.applications.client(of: "till") == nil)
    }
  }

  @Test func aProviderInUseGoesAfterWhoUsesIt() async throws {
    try await WSO2TestServer.useWithConnector(tenant: "acme.example") { [type, providers] endpoint, server in
      let id = try await endpoint.create(Self.playground(), as: type).id
      let provider = try #require(try await endpoint.page(of: providers, at: nil).resources.first).id
      #expect(await failure { try await endpoint.delete(provider, of: providers, version: nil) }?.kind == .conflict)
      try await endpoint.delete(id, of: type, version: nil)
      try await endpoint.delete(id, of: type, version: nil)
      try await endpoint.delete(provider, of: providers, version: nil)
      #expect(try await endpoint.resource(id, of: type) == nil)
      #expect(server.providers.document(named: "is2") == nil)
    }
  }

  @Test func aLostCreateIsLookedUpByName() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.useWithConnector(faults: faults) { [type] endpoint, _ in
      faults.queue(.post, .obeyThenDrop)
      let made = try await endpoint.create(Self.playground(), as: type)
      #expect(made.id == "app-0")
    }
    #expect(faults.requests(.post).count == 2)
  }

  @Test func aRefusalDoesNotRepeatASecret() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.useWithConnector(faults: faults) { [type] endpoint, _ in
      faults.queue(.post, .refuse(400, body: #"{"message":"refused","description":"s3cret-of-ours is too short"}"#))
      let error = await failure { _ = try await endpoint.create(Self.playground(), as: type) }
      #expect(error?.message.contains("too short") == true)
      #expect(error?.message.contains("s3cret-of-ours") == false)
    }
  }
}
