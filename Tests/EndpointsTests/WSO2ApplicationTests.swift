import HTTPTypes
import JSON
import SCIM
import SeededRandom
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

  private static func replace(_ path: String, _ value: JSONValue) throws -> ResourceUpdate {
    .patch([PatchOperation(.replace, try AttributePath(parsing: path), value: value)])
  }

  private static func writes(_ faults: FaultPlan, since count: Int) -> [String] {
    faults.requests.dropFirst(count).filter { !$0.hasPrefix("GET ") }
  }

  /// Runs the body with a server that has an identity provider with a connector.
  private func withProvider(
    tenant: String = "carbon.super", faults: FaultPlan = FaultPlan(),
    _ body: @escaping @Sendable (WSO2Endpoint, WSO2TestServer) async throws -> Void
  ) async throws {
    try await WSO2TestServer.use(.init(tenant: tenant), faults: faults) { [providers] endpoint, server in
      let connector: JSONObject = [
        "name": "scim", "type": "scim1", "username": "admin", "password": "pw",
        "userEndpoint": "https://x.example/Users",
      ]
      _ = try await endpoint.create(
        ["name": "is2", "provisioning": ["connectors": [.object(connector)]]], as: providers)
      try await body(endpoint, server)
    }
  }

  @Test func whatIsCreatedIsReadTheSameButForItsSecret() async throws {
    let faults = FaultPlan()
    try await withProvider(faults: faults) { [type] endpoint, server in
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
    try await withProvider(faults: faults) { [type] endpoint, server in
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
        _ = try await endpoint.update(id, of: type, try Self.replace(path, value), version: nil)
        #expect(Self.writes(faults, since: before) == [request], "\(path) \(value)")
        let again = faults.requests.count
        _ = try await endpoint.update(id, of: type, try Self.replace(path, value), version: nil)
        #expect(Self.writes(faults, since: again).isEmpty, "\(path) \(value)")
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
    try await withProvider { [type] endpoint, server in
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
      _ = try await endpoint.update(id, of: type, try Self.replace("outboundProvisioning", both), version: nil)
      let entry: JSONValue = ["idp": "is2", "connector": "scim", "blocking": true, "rules": true, "jit": true]
      let document = server.applications.document(named: "playground2")
      #expect(document?["provisioningConfigurations"]?["outboundProvisioningIdps"] == [entry, entry])
      let error = await failure {
        _ = try await endpoint.update(
          id, of: type, try Self.replace("outboundProvisioning", [["identityProvider": "nobody"]]), version: nil)
      }
      #expect(error?.message.contains("no default connector") == true)
    }
  }

  @Test func theDefaultConnectorIsMeantWhereNoneIsNamed() async throws {
    try await withProvider { [type] endpoint, server in
      _ = try await endpoint.create(
        ["name": "till", "outboundProvisioning": [["identityProvider": "is2"]]], as: type)
      let entry: JSONValue = ["idp": "is2", "connector": "scim", "blocking": false, "rules": false, "jit": false]
      let document = server.applications.document(named: "till")
      #expect(document?["provisioningConfigurations"]?["outboundProvisioningIdps"] == [entry])
    }
  }

  @Test(arguments: [false, true])
  func aSecretStaysAndCannotBeChanged(masked: Bool) async throws {
    try await withProvider { [type] endpoint, server in
      if masked { server.applications.maskSecrets() }
      let id = try await endpoint.create(Self.playground(), as: type).id
      _ = try await endpoint.update(
        id, of: type, try Self.replace("inbound.openidconnect", ["pkce": "optional"]), version: nil)
      #expect(server.applications.client(of: "playground2")?["clientSecret"] == "s3cret-of-ours")
      let error = await failure {
        _ = try await endpoint.update(
          id, of: type, try Self.replace("inbound.openidconnect", ["clientSecret": "new-one"]), version: nil)
      }
      #expect(error?.message.contains("Invalid ClientSecret") == true)
    }
  }

  @Test func aClientComesAndGoes() async throws {
    let faults = FaultPlan()
    try await withProvider(faults: faults) { [type] endpoint, server in
      let id = try await endpoint.create(["name": "till"], as: type).id
      #expect(try await endpoint.resource(id, of: type)?["inbound"] == nil)
      let path = "\(Self.base)/app-0/inbound-protocols/oidc"
      var before = faults.requests.count
      _ = try await endpoint.update(
        id, of: type, try Self.replace("inbound.openidconnect", ["redirectURIs": ["https://a.example"]]), version: nil)
      #expect(Self.writes(faults, since: before) == ["PUT \(path)"])
      let client = server.applications.client(of: "till")
      #expect(client?["grantTypes"] == ["authorization_code"] && client?["publicClient"] == true)
      before = faults.requests.count
      _ = try await endpoint.update(
        id, of: type, .patch([PatchOperation(.remove, AttributePath("inbound"))]), version: nil)
      #expect(Self.writes(faults, since: before) == ["DELETE \(path)"])
      #expect(server.applications.client(of: "till") == nil)
    }
  }

  @Test func theResidentOneIsTheServerItself() async throws {
    let faults = FaultPlan()
    try await withProvider(faults: faults) { [type] endpoint, server in
      let update = try Self.replace("outboundProvisioning", [["identityProvider": "is2"]])
      for count in [1, 0] {
        let before = faults.requests.count
        _ = try await endpoint.update("resident", of: type, update, version: nil)
        #expect(Self.writes(faults, since: before).count == count)
      }
      let entry: JSONValue = ["idp": "is2", "connector": "scim", "blocking": false, "rules": false, "jit": false]
      #expect(server.applications.resident["outboundProvisioningIdps"] == [entry])
      #expect(server.applications.resident["inboundProvisioning"]?["provisioningUserstoreDomain"] == "PRIMARY")
      let error = await failure {
        _ = try await endpoint.update("resident", of: type, try Self.replace("displayName", "X"), version: nil)
      }
      #expect(error?.message.contains("the server itself") == true)
      try await endpoint.delete("resident", of: type, version: nil)
      #expect(server.applications.resident["outboundProvisioningIdps"] == [])
      #expect(try await endpoint.resource("resident", of: type)?["outboundProvisioning"] == nil)
      let made = try await endpoint.create(
        ["name": "resident", "outboundProvisioning": [["identityProvider": "is2", "connector": "scim"]]], as: type)
      #expect(made.id == "resident")
      #expect(server.applications.resident["outboundProvisioningIdps"] == [entry])
    }
    #expect(faults.requests(.post).count == 1)
  }

  @Test func aProviderInUseGoesAfterWhoUsesIt() async throws {
    try await withProvider(tenant: "acme.example") { [type, providers] endpoint, server in
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
    try await withProvider(faults: faults) { [type] endpoint, _ in
      faults.queue(.post, .obeyThenDrop)
      let made = try await endpoint.create(Self.playground(), as: type)
      #expect(made.id == "app-0")
    }
    #expect(faults.requests(.post).count == 2)
  }

  @Test func aRefusalDoesNotRepeatASecret() async throws {
    let faults = FaultPlan()
    try await withProvider(faults: faults) { [type] endpoint, _ in
      faults.queue(.post, .refuse(400, body: #"{"message":"refused","description":"s3cret-of-ours is too short"}"#))
      let error = await failure { _ = try await endpoint.create(Self.playground(), as: type) }
      #expect(error?.message.contains("too short") == true)
      #expect(error?.message.contains("s3cret-of-ours") == false)
    }
  }

  @Test func redirectURIsAreReadAsTheyWereWritten() {
    var random = SplitMix64(seed: 11)
    let signs = Array(#"abc/:?=&.|()[]{}*+^$\-_~"#)
    for _ in 0..<2000 {
      let uris = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        "https://"
          + String((0..<Int.random(in: 0...12, using: &random)).map { _ in signs.randomElement(using: &random) ?? "a" })
      }
      #expect(WSO2Callbacks.redirectURIs(WSO2Callbacks.callbacks(uris)) == uris)
    }
    // An expression that stands for more than a few addresses is told as it is.
    for other in ["regexp=(https://.*)", "regexp=(a|b(c|d))", "regexp=()", #"regexp=(a\)"#, #"regexp=(a\d)"#] {
      #expect(WSO2Callbacks.redirectURIs([other]) == [other])
    }
    #expect(WSO2Callbacks.redirectURIs([""]).isEmpty)
  }
}
