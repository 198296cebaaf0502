import JSON
import SCIM
import SeededRandom
import Testing

@testable import Reconciliation

/// Complex values inside of complex values, as service and identity providers have them.
@Suite struct NestedPartsTests {
  private static let seeds = Array(UInt64(1)...60)

  private func provider(_ attributes: JSONObject, kind: String = "ServiceProvider") -> DesiredResource {
    var all: JSONObject = ["name": "shop"]
    for member in attributes { all[member.key] = member.value }
    return DesiredResource(
      key: ResourceKey(kind, "shop"), attributes: all, location: SourceLocation(file: "shop.yaml", line: 1))
  }

  private func world(_ desired: JSONObject, _ live: JSONObject, applied: JSONObject? = [:]) -> World {
    var world = World()
    world.desired = [provider(desired)]
    var all: JSONObject = ["id": "1", "name": "shop"]
    for member in live { all[member.key] = member.value }
    world.live["ServiceProvider"] = [Resource(all)]
    if let applied { world.ledger = Ledger([entry("ServiceProvider", "shop", "1", applied)]) }
    return world
  }

  private func client(_ client: JSONObject) -> JSONObject { ["inbound": ["openidconnect": .object(client)]] }

  private func change(_ desired: JSONObject, _ live: JSONObject, applied: JSONObject = [:]) -> Change? {
    world(desired, live, applied: applied).plan().changes.first
  }

  // MARK: One part

  @Test func defaultsOfTheEndpointAreNotManaged() {
    let desired = client(["redirectURIs": ["https://a.example"]])
    let live = client(["redirectURIs": ["https://a.example"], "clientId": "made-up", "pkce": "optional"])
    #expect(change(desired, live) == nil)
    #expect(change(desired, live, applied: desired) == nil)
  }

  @Test func onlyWhatDiffersIsWritten() {
    let change = change(
      client(["clientId": "shop", "pkce": "required"]), client(["clientId": "shop", "pkce": "optional"]))
    #expect(
      change?.operations == [
        PatchOperation(.replace, AttributePath("inbound", sub: "openidconnect"), value: ["pkce": "required"])
      ])
    #expect(change?.attributes.map(\.path) == ["inbound.openidconnect.pkce"])
    #expect(change?.attributes.first?.before == "optional" && change?.attributes.first?.after == "required")
  }

  @Test func whatIsNotThereIsWrittenWhole() {
    let change = change(client(["clientId": "shop"]), ["inbound": [:]])
    #expect(
      change?.operations == [
        PatchOperation(.replace, AttributePath("inbound", sub: "openidconnect"), value: ["clientId": "shop"])
      ])
  }

  @Test func whatTheManifestSaysNoLongerIsClearedWhereItIsStillOurs() {
    let applied = client(["clientId": "shop", "pkce": "required", "scopes": ["a"]])
    let live = client(["clientId": "shop", "pkce": "required", "scopes": ["b"]])
    let change = change(client(["clientId": "shop"]), live, applied: applied)
    #expect(
      change?.operations == [
        PatchOperation(.replace, AttributePath("inbound", sub: "openidconnect"), value: ["pkce": nil])
      ])
    #expect(
      change?.attributes == [
        AttributeChange(path: "inbound.openidconnect.pkce", before: "required", after: nil, cause: .manifest)
      ])
  }

  @Test func aWholePartThatLeavesTheManifestIsCleared() {
    let applied = client(["clientId": "shop"])
    let live = client(["clientId": "shop", "pkce": "optional"])
    #expect(
      change(["inbound": [:]], live, applied: applied)?.operations == [
        PatchOperation(.remove, AttributePath("inbound", sub: "openidconnect"))
      ])
    #expect(
      change([:], live, applied: applied)?.operations == [PatchOperation(.remove, AttributePath("inbound"))])
    #expect(change([:], client(["clientId": "other"]), applied: applied) == nil)
  }

  @Test func elementsMayCarryMoreThanWasAskedForAtEveryDepth() {
    let desired: JSONObject = ["authentication": ["steps": [["local": ["basic"]], ["federated": ["is2"]]]]]
    let live: JSONObject = [
      "authentication": ["steps": [["local": ["basic"], "federated": []], ["federated": ["is2"], "local": []]]]
    ]
    #expect(change(desired, live) == nil)
  }

  @Test func theOrderOfStepsCounts() {
    let steps: [JSONValue] = [["local": ["basic"]], ["federated": ["is2"]]]
    let desired: JSONObject = ["authentication": ["steps": .array(steps)]]
    let live: JSONObject = ["authentication": ["steps": .array(steps.reversed())]]
    for applied in [[:], desired, live] as [JSONObject] {
      #expect(
        change(desired, live, applied: applied)?.operations == [
          PatchOperation(.replace, AttributePath("authentication", sub: "steps"), value: .array(steps))
        ])
    }
  }

  @Test func aLifetimeIsComparedAsATime() {
    #expect(change(client(["accessTokenLifetime": "60m"]), client(["accessTokenLifetime": "1h"])) == nil)
    #expect(change(client(["accessTokenLifetime": "61m"]), client(["accessTokenLifetime": "1h"])) != nil)
  }

  @Test func whatCannotBeChangedThereIsSaid() throws {
    var world = world(client(["clientId": "new", "pkce": "required"]), client(["clientId": "old"]))
    let standard = SchemaCatalog.standard
    var schema = try #require(standard.schema(SchemaURN.serviceProvider))
    for inbound in schema.attributes.indices where schema.attributes[inbound].name == "inbound" {
      for part in schema.attributes[inbound].subAttributes[0].subAttributes.indices {
        let isClient = schema.attributes[inbound].subAttributes[0].subAttributes[part].name == "clientId"
        if isClient { schema.attributes[inbound].subAttributes[0].subAttributes[part].mutability = .immutable }
      }
    }
    world.capabilities.catalog = SchemaCatalog(
      resourceTypes: standard.resourceTypes, schemas: [schema] + Array(standard.schemas.values))
    let plan = world.plan()
    #expect(plan.changes.first?.attributes.map(\.path) == ["inbound.openidconnect.pkce"])
    #expect(
      plan.limitations == ["ServiceProvider: inbound.openidconnect.clientId is immutable there: differences stay"])
  }

  // MARK: What holds for every one

  private static let words: [JSONValue] = ["x", "y", "z"]

  /// What a manifest says of an application, or an endpoint tells of it.
  private func attributes(_ random: inout SplitMix64) -> JSONObject {
    func some(_ name: String, _ value: JSONValue) -> (String, JSONValue)? {
      Bool.random(using: &random) ? (name, value) : nil
    }
    func list() -> JSONValue { .array(Self.words.filter { _ in Bool.random(using: &random) }) }
    let client = JSONObject(
      [
        some("clientId", Self.words.randomElement(using: &random) ?? "x"), some("redirectURIs", list()),
        some("grantTypes", list()), some("pkce", Bool.random(using: &random) ? "required" : "optional"),
        some("skipConsent", .bool(Bool.random(using: &random))),
      ].compactMap { $0 })
    let steps = (0..<Int.random(in: 0...3, using: &random)).map { _ -> JSONValue in
      ["local": ["basic"], "federated": list()]
    }
    return JSONObject(
      [
        some("displayName", Self.words.randomElement(using: &random) ?? "x"),
        some("inbound", ["openidconnect": .object(client)]), some("authentication", ["steps": .array(steps)]),
        some("outboundProvisioning", [["identityProvider": Self.words.randomElement(using: &random) ?? "x"]]),
      ].compactMap { $0 })
  }

  /// What an endpoint adds by itself wherever nothing is said.
  private func addDefaults(_ attributes: inout JSONObject) {
    if attributes["displayName"] == nil { attributes["displayName"] = "default" }
    var inbound = attributes["inbound"]?.object ?? [:]
    var client = inbound["openidconnect"]?.object ?? [:]
    for (name, value) in [("clientId", "made-up"), ("pkce", "optional"), ("skipConsent", false)]
      as [(String, JSONValue)]
    where client[name] == nil {
      client[name] = value
    }
    inbound["openidconnect"] = .object(client)
    attributes["inbound"] = .object(inbound)
    if let entries = attributes["outboundProvisioning"]?.array {
      attributes["outboundProvisioning"] = .array(
        entries.map { entry in
          var entry = entry.object ?? [:]
          if entry["connector"] == nil { entry["connector"] = "scim" }
          return .object(entry)
        })
    }
  }

  @Test(arguments: seeds) func afterTheDifferenceIsWrittenNothingDiffers(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for supportsPatch in [true, false] {
      var world = world(attributes(&random), attributes(&random), applied: seed % 2 == 0 ? attributes(&random) : nil)
      world.capabilities.supportsPatch = supportsPatch
      try world.apply(world.plan())
      #expect(world.plan().changes.isEmpty)
      #expect(world.plan().adoptions.isEmpty)
    }
  }

  @Test(arguments: seeds) func anEndpointThatAddsDefaultsStaysInSync(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var world = world(attributes(&random), attributes(&random))
    // The manifest changes again and again, and each time once is enough.
    for _ in 0..<4 {
      world.desired = [provider(attributes(&random))]
      try world.apply(world.plan())
      if var live = world.live["ServiceProvider"]?.first?.attributes {
        addDefaults(&live)
        world.live["ServiceProvider"] = [Resource(live)]
      }
      #expect(world.plan().changes.isEmpty)
    }
  }

  @Test(arguments: seeds) func whatWasSaidOnceAndNeverChangedThereGoesWithIt(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var world = World()
    let said = attributes(&random)
    world.desired = [provider(said)]
    try world.apply(world.plan())
    let before = world.live["ServiceProvider"]?.first?.attributes
    world.desired = [provider([:])]
    try world.apply(world.plan())
    let after = world.live["ServiceProvider"]?.first?.attributes
    let rest = (after?.keys ?? []).filter { !["schemas", "id", "name"].contains($0) }
    #expect(rest.isEmpty, "\(rest) of \(String(describing: before))")
  }
}
