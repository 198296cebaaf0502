import HTTPTypes
import JSON
import SCIM
import Synchronization
import Testing

@testable import Endpoints

/// Connectors of identity providers at WSO2 Identity Server.
@Suite struct WSO2ConnectorTests {
  private let type: ResourceType
  private static let base = "/api/server/v1/identity-providers"
  private static let list = "PUT \(base)/idp-1/provisioning/outbound-connectors"

  init() throws { type = try Fixtures.type("IdentityProvider") }

  private static func scim1(_ more: JSONObject = [:]) -> JSONObject {
    var connector: JSONObject = [
      "name": "scim", "type": "scim1", "username": "admin", "password": "s3cret-of-ours",
      "userEndpoint": "https://is2.example/wso2/scim/Users",
    ]
    for member in more.members { connector[member.key] = member.value }
    return connector
  }

  private static func scim2(_ more: JSONObject = [:]) -> JSONObject {
    var connector: JSONObject = [
      "name": "SCIM2", "type": "scim2", "userEndpoint": "https://is3.example/scim2/Users", "token": "t0ken-of-ours",
    ]
    for member in more.members { connector[member.key] = member.value }
    return connector
  }

  private static func partner(_ connectors: JSONObject...) -> JSONObject {
    ["name": "partner", "provisioning": ["connectors": .array(connectors.map(JSONValue.object))]]
  }

  private static func replacing(_ connectors: JSONObject...) -> ResourceUpdate {
    let path = AttributePath("provisioning", sub: "connectors")
    return .patch([PatchOperation(.replace, path, value: .array(connectors.map(JSONValue.object)))])
  }

  private func seen(_ endpoint: WSO2Endpoint, _ id: String) async throws -> [JSONObject] {
    let resource = try #require(try await endpoint.resource(id, of: type))
    return (resource["provisioning"]?["connectors"]?.array ?? []).compactMap(\.object)
  }

  private func property(_ key: String, _ server: WSO2TestServer) -> String? {
    let list = server.providers.document(named: "partner")?["provisioning"]?["outboundConnectors"]
    let connectors = (list?["connectors"]?.array ?? []).compactMap(\.object)
    return connectors.lazy.compactMap { WSO2Property.values($0)[key]?.string }.first
  }

  private static func withoutSecrets(_ connector: JSONObject) -> JSONObject {
    JSONObject(uniqueMembers: connector.members.filter { !WSO2ConnectorType.secrets.contains($0.key) })
  }

  @Test func whatIsCreatedIsReadTheSameButForItsSecrets() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, server in
      let first = Self.scim1([
        "enabled": false, "default": false, "blocking": false, "groupEndpoint": "https://is2.example/wso2/scim/Groups",
        "userStoreDomain": "PRIMARY", "passwordProvisioning": true, "roles": ["Internal/a", "Internal/b"],
      ])
      let second = Self.scim2([
        "enabled": true, "default": true, "blocking": true, "passwordProvisioning": false,
        "roles": ["Internal/a", "Internal/b"],
      ])
      let id = try await endpoint.create(Self.partner(first, second), as: type).id
      #expect(try await seen(endpoint, id) == [first, second].map(Self.withoutSecrets))
      #expect(property("scim-password", server) == "s3cret-of-ours")
      #expect(property("scim2-access-token", server) == "t0ken-of-ours")
      #expect(property("scim2-authentication-mode", server) == "bearer")
    }
    // What blocks is not heard with the rest.
    #expect(faults.writes() == ["POST \(Self.base)", "\(Self.list)/U0NJTTI"])
  }

  @Test(arguments: [false, true])
  func aConnectorIsWrittenByItselfAndKeepsItsSecret(masked: Bool) async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, server in
      if masked { server.providers.maskSecrets() }
      let id = try await endpoint.create(Self.partner(Self.scim1()), as: type).id
      let cases: [JSONObject] = [
        ["blocking": true], ["blocking": true, "enabled": false], ["blocking": true, "enabled": true],
        ["userStoreDomain": "PRIMARY"], ["passwordProvisioning": true],
      ]
      for more in cases {
        let before = faults.requests.count
        let wanted = Self.withoutSecrets(Self.scim1(more))
        _ = try await endpoint.update(id, of: type, Self.replacing(wanted), version: nil)
        #expect(faults.writes(since: before) == ["\(Self.list)/c2NpbQ"])
        let seen = try #require(try await seen(endpoint, id).first)
        for member in wanted.members { #expect(seen[member.key] == member.value) }
        #expect(seen["default"] == true)
        #expect(property("scim-password", server) == "s3cret-of-ours")
        // What is so already needs no call.
        let again = faults.requests.count
        _ = try await endpoint.update(id, of: type, Self.replacing(wanted), version: nil)
        #expect(faults.writes(since: again).isEmpty)
      }
      _ = try await endpoint.update(
        id, of: type, Self.replacing(Self.scim1(["password": "new-one", "userEndpoint": "https://x.example/Users"])),
        version: nil)
      #expect(property("scim-password", server) == "new-one")
      // The store's domain that was cleared is gone.
      #expect(property("scim-user-store-domain", server) == nil)
    }
  }

  @Test func theDefaultMovesAndIsNeverLost() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, server in
      let id = try await endpoint.create(Self.partner(Self.scim1(), Self.scim2()), as: type).id
      func chosen() -> String? {
        server.providers.document(named: "partner")?["provisioning"]?["outboundConnectors"]?["defaultConnectorId"]?
          .string
      }
      #expect(chosen() == "c2NpbQ")
      let before = faults.requests.count
      _ = try await endpoint.update(
        id, of: type, Self.replacing(Self.scim1(), Self.scim2(["default": true])), version: nil)
      #expect(chosen() == "U0NJTTI")
      #expect(faults.writes(since: before) == ["\(Self.list)/U0NJTTI"])
      // Writing another leaves none, so the default is written after it.
      _ = try await endpoint.update(
        id, of: type, Self.replacing(Self.scim1(["blocking": true]), Self.scim2()), version: nil)
      #expect(chosen() == "U0NJTTI")
    }
  }

  @Test(arguments: [false, true])
  func aConnectorIsAdded(byItself: Bool) async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, server in
      server.providers.takesNewConnectors.withLock { $0 = byItself }
      let id = try await endpoint.create(Self.partner(Self.scim1(["blocking": true])), as: type).id
      _ = try await endpoint.update(
        id, of: type,
        Self.replacing(Self.scim1(["blocking": true]), Self.scim2(["enabled": true])), version: nil)
      let seen = try await seen(endpoint, id)
      #expect(seen.map { $0["name"] } == ["scim", "SCIM2"])
      #expect(seen.map { $0["blocking"] } == [true, false])
      #expect(seen.map { $0["default"] } == [true, false])
      #expect(property("scim-password", server) == "s3cret-of-ours")
    }
  }

  @Test func aConnectorIsTakenOutAndTheLastOneIsNot() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, server in
      let id = try await endpoint.create(
        Self.partner(Self.scim1(["default": true]), Self.scim2(["blocking": true])), as: type
      ).id
      let before = faults.requests.count
      let rest = Self.withoutSecrets(Self.scim2(["blocking": true]))
      _ = try await endpoint.update(id, of: type, Self.replacing(rest), version: nil)
      #expect(faults.writes(since: before) == [Self.list, "\(Self.list)/U0NJTTI"])
      let seen = try await seen(endpoint, id)
      #expect(seen.map { $0["name"] } == ["SCIM2"])
      #expect(seen.first?["default"] == true && seen.first?["blocking"] == true)
      #expect(property("scim2-access-token", server) == "t0ken-of-ours")
      let last = await failure {
        _ = try await endpoint.update(
          id, of: type, .patch([PatchOperation(.remove, AttributePath("provisioning"))]), version: nil)
      }
      #expect(last?.message.contains("enabled: false") == true)
    }
  }

  @Test func whoseUsersAreProvisionedIsOneListForAll() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, server in
      let id = try await endpoint.create(Self.partner(Self.scim1(["roles": ["a"]])), as: type).id
      for roles in [["b", "a"], []] as [[JSONValue]] {
        let before = faults.requests.count
        let wanted = Self.withoutSecrets(Self.scim1(["roles": .array(roles)]))
        _ = try await endpoint.update(id, of: type, Self.replacing(wanted), version: nil)
        #expect(faults.writes(since: before) == ["PUT \(Self.base)/idp-1/roles"])
        let kept = server.providers.document(named: "partner")?["roles"]?["outboundProvisioningRoles"]?.array ?? []
        #expect(Set(kept) == Set(roles))
      }
    }
  }

  @Test func connectorsOfOtherPlugInsStay() async throws {
    try await WSO2TestServer.use { [type] endpoint, server in
      let id = try await endpoint.create(Self.partner(Self.scim1()), as: type).id
      // Somebody set one up for Google, which takes more than a manifest can say.
      let google: JSONObject = [
        "connectorId": "Z29vZ2xlYXBwcw", "isEnabled": true, "isDefault": false, "blockingEnabled": true,
        "rulesEnabled": false, "properties": [["key": "google_prov_domain_name", "value": "x.example"]],
      ]
      let target = WSO2Collection.identityProviders.target(id) + WSO2Connector.path("Z29vZ2xlYXBwcw")
      try await endpoint.put(target, google)
      #expect(try await seen(endpoint, id).map { $0["name"] } == ["scim", "googleapps"])
      let both = Self.replacing(
        Self.withoutSecrets(Self.scim1(["default": true])), ["name": "googleapps", "type": "google", "blocking": false])
      _ = try await endpoint.update(id, of: type, both, version: nil)
      #expect(try await seen(endpoint, id).map { $0["blocking"] } == [false, false])
      #expect(property("google_prov_domain_name", server) == "x.example")
      let error = await failure {
        _ = try await endpoint.create(Self.partner(["name": "googleapps", "type": "google"]), as: type)
      }
      #expect(error?.message.contains("google_prov_domain_name") == true)
    }
  }

  @Test func theKeysOfOldServersAreHeeded() async throws {
    try await WSO2TestServer.use { [type] endpoint, server in
      server.providers.scim2Prefix.withLock { $0 = "scim-" }
      var connector = Self.scim2(["username": "admin", "password": "s3cret-of-ours"])
      connector["token"] = nil
      let id = try await endpoint.create(Self.partner(connector), as: type).id
      #expect(property("scim-user-ep", server) == "https://is3.example/scim2/Users")
      let seen = try #require(try await seen(endpoint, id).first)
      #expect(seen["type"] == "scim2" && seen["username"] == "admin")
      let error = await failure { _ = try await endpoint.create(Self.partner(Self.scim2()), as: type) }
      #expect(error?.message.contains("token") == true)
    }
  }

  @Test func whatTheServerCannotHoldIsRefused() async throws {
    let faults = FaultPlan()
    let cases: [(JSONObject, String)] = [
      (Self.partner(Self.scim1(["name": "mine"])), "called 'scim' there"),
      (Self.partner(Self.scim1(), Self.scim1()), "not two"),
      (Self.partner(Self.scim1(["roles": ["a"]]), Self.scim2(["roles": ["b"]])), "must be the same"),
      (Self.partner(["name": "spml", "type": "spml2", "userEndpoint": "https://x.example"]), "spml-oc"),
      (Self.partner(["name": "scim", "type": "other"]), "no type that the server knows"),
    ]
    try await WSO2TestServer.use(faults: faults) { [type] endpoint, _ in
      for (attributes, words) in cases {
        let error = await failure { _ = try await endpoint.create(attributes, as: type) }
        #expect(error?.kind == .rejected)
        #expect(error?.message.contains(words) == true, "\(words)")
      }
    }
    #expect(faults.writes().isEmpty)
  }
}
