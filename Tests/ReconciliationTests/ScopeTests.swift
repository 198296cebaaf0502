import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct ScopeTests {
  @Test func whatTheSchemaDoesNotKnowIsLeftOutAndSaidOnce() throws {
    var world = World()
    let standard = SchemaCatalog.standard
    var core = try #require(standard.schema(SchemaURN.user))
    core.attributes.removeAll { $0.name == "nickName" }
    var type = try #require(standard.resourceType("User"))
    type.extensions = []
    world.capabilities.catalog = SchemaCatalog(resourceTypes: [type], schemas: [core])
    world.desired = ["a", "b"].map { user($0, ["nickName": "x", enterprise: ["department": "IT"]]) } + [group("g")]
    let plan = world.plan()
    #expect(plan.changes.allSatisfy { $0.body?["nickName"] == nil && $0.body?[enterprise] == nil })
    #expect(
      plan.limitations == [
        "User has no attribute nickName there: left out", "User has no extension \(enterprise) there: left out",
        "has no resource type Group: 1 left out",
      ])
  }

  @Test func elementsWithoutRoomAreLeftOut() throws {
    var world = World()
    world.capabilities.elementLimits = [
      "User": ["emails": .one(["type": "work", "primary": true]), "phoneNumbers": .onePerType(["work", "mobile"])]
    ]
    world.desired = [
      user(
        "a",
        [
          "emails": [
            ["value": "w@x.example", "type": "work"], ["value": "h@x.example", "type": "home", "primary": true],
          ],
          "phoneNumbers": [["value": "1"], ["value": "2", "type": "Mobile"], ["value": "3", "type": "pager"]],
        ]), user("b", ["emails": [["value": "b@x.example", "type": "other"]]]),
    ]
    let plan = world.plan()
    let bodies = plan.changes.compactMap(\.body)
    #expect(bodies[0]["emails"] == [["value": "h@x.example", "type": "work", "primary": true]])
    #expect(bodies[0]["phoneNumbers"] == [["value": "1", "type": "work"], ["value": "2", "type": "mobile"]])
    #expect(bodies[1]["emails"] == [["value": "b@x.example", "type": "work", "primary": true]])
    #expect(plan.limitations.count == 2)
    try world.apply(plan)
    #expect(world.plan().changes.isEmpty)
  }

  @Test func partsAndElementsAreLeftOutAtEveryDepth() throws {
    var world = World()
    let standard = SchemaCatalog.standard
    var schema = try #require(standard.schema(SchemaURN.identityProvider))
    let place = try #require(schema.attributes.firstIndex { $0.name == "provisioning" })
    schema.attributes[place].subAttributes[1].subAttributes.removeAll { $0.name == "tls" }
    world.capabilities.catalog = SchemaCatalog(
      resourceTypes: standard.resourceTypes.filter { $0.name != "ServiceProvider" },
      schemas: [schema] + Array(standard.schemas.values))
    world.capabilities.elementLimits = [
      "IdentityProvider": ["provisioning.connectors": .oneOfEach(["scim1", "scim2"])]
    ]
    let first: JSONObject = ["name": "a", "type": "scim1"]
    var secure = first
    secure["tls"] = ["insecureSkipVerify": true]
    let connectors: JSONValue = [.object(secure), ["name": "b", "type": "scim1"], ["name": "c", "endpoint": "x"]]
    world.desired = ["IdentityProvider", "ServiceProvider"].map { kind in
      DesiredResource(
        key: ResourceKey(kind, "p"), attributes: ["name": "p", "provisioning": ["connectors": connectors]],
        location: SourceLocation(file: "p.yaml", line: 1))
    }
    let plan = world.plan()
    #expect(plan.changes.first?.body?["provisioning"] == ["connectors": [.object(first)]])
    #expect(
      plan.limitations == [
        "IdentityProvider has no attribute provisioning.connectors.tls there: left out",
        "IdentityProvider.provisioning.connectors: there is no room for all of them there: some are left out",
        // A server that has the one is expected to have the other.
        "has no resource type ServiceProvider: 1 left out",
      ])
  }

  @Test func labelsFilterAndKindsLimitWhatGoesThere() throws {
    var world = World()
    world.declaration.scope = .init(matchLabels: ["team": "a"], filter: try Filter(parsing: "title eq \"Dr\""))
    world.desired = [
      user("in", ["title": "Dr"], labels: ["team": "a"]), user("title", ["title": "Mr"], labels: ["team": "a"]),
      user("label", ["title": "Dr"]), group("unlabelled"),
    ]
    #expect(world.plan().changes.map(\.key.name) == ["in"])
    world.declaration.scope = .init(kinds: ["Group"])
    #expect(world.plan().changes.map(\.key.name) == ["unlabelled"])
  }

  @Test func aFilterOverPeopleSaysNothingAboutGroups() throws {
    var world = World()
    world.declaration.scope.filter = try Filter(parsing: "userName eq \"a\"")
    world.desired = [user("a"), user("b"), group("g")]
    #expect(world.plan().changes.map(\.key.name) == ["a", "g"])
  }

  @Test func mappingRules() throws {
    var world = World()
    world.declaration.mapping = [
      AttributeMapping(
        to: AttributePath("userName"),
        from: .template([.attribute(try AttributePath(parsing: "emails[type eq \"work\"].value"))]), lowercased: true),
      AttributeMapping(to: AttributePath("displayName"), from: .attribute(AttributePath("name", sub: "formatted"))),
      AttributeMapping(to: AttributePath("entitlements"), from: .constant([["value": "basic"]])),
    ]
    world.desired = [
      user("alice", ["emails": [["value": "Alice@X.y", "type": "work"]], "name": ["formatted": "Alice A"]]),
      user("bob", ["displayName": "Bob"]),
    ]
    let bodies = world.plan().changes.map(\.body)
    #expect(bodies[0]?["userName"] == "alice@x.y")
    #expect(bodies[0]?["displayName"] == "Alice A")
    #expect(bodies[0]?["entitlements"] == [["value": "basic"]])
    #expect(bodies[1]?["userName"] == "bob" && bodies[1]?["displayName"] == "Bob")
  }

  @Test func rolesWithoutAResourceTypeBecomeAnAttribute() throws {
    var world = World()
    let standard = SchemaCatalog.standard
    world.capabilities.catalog = SchemaCatalog(
      resourceTypes: standard.resourceTypes.filter { $0.name == "User" },
      schemas: [SchemaURN.user, SchemaURN.enterpriseUser].compactMap(standard.schema))
    world.desired = [group("auditor", ["a"], kind: "Role"), user("a"), user("b")]
    #expect(world.plan().limitations.first?.contains("Role") == true)
    world.declaration.mapping = [AttributeMapping(to: AttributePath("roles"), from: .roles)]
    let plan = world.plan()
    #expect(plan.limitations.isEmpty)
    #expect(plan.changes[0].body?["roles"] == [["value": "auditor"]])
    #expect(plan.changes[1].body?["roles"] == nil)
  }

  @Test func providersOnlyGoWhereTheyAreKnown() {
    var world = World()
    world.capabilities.catalog = SchemaCatalog(resourceTypes: [], schemas: [])
    world.desired = [
      DesiredResource(
        key: ResourceKey("IdentityProvider", "is2"), attributes: ["displayName": "x"],
        location: SourceLocation(file: "idp.yaml", line: 1))
    ]
    #expect(world.plan().changes.isEmpty && world.plan().limitations.isEmpty)
  }

  @Test func nothingOutsideTheSelectionChanges() {
    var world = World()
    world.desired = [user("a", labels: ["team": "x"]), user("b"), group("g", ["a", "b"])]
    world.live["User"] = [liveUser("9", "old")]
    world.ledger = Ledger([entry("User", "old", "9", onRemoval: .delete)])
    #expect(world.plan(prune: true, selection: Selection(kinds: ["Group"])).changes.map(\.key.name) == ["g"])
    #expect(world.plan(prune: true, selection: Selection(matchLabels: ["team": "x"])).changes.map(\.key.name) == ["a"])
    let target = Selection(targets: [ResourceKey("User", "old")])
    #expect(world.plan(prune: true, selection: target).changes.map(\.action) == [.delete])
    #expect(world.plan(selection: Selection(endpoints: ["elsewhere"])).endpoint == "none")
  }

  @Test func foundIsAdoptedWithoutAWrite() throws {
    var world = World()
    world.desired = [user("alice", ["title": "Dr"])]
    world.live["User"] = [liveUser("1", "alice", ["title": "Dr"])]
    let plan = world.plan()
    #expect(plan.changes.isEmpty)
    #expect(plan.adoptions.map(\.remoteID) == ["1"])
    try world.apply(plan)
    #expect(world.plan().adoptions.isEmpty)
  }

  @Test(arguments: [EndpointDeclaration.Situations.Found.report, .stop])
  func foundMayBeLeftAlone(found: EndpointDeclaration.Situations.Found) {
    var world = World()
    world.declaration.situations.found = found
    world.desired = [user("alice", ["title": "Dr"])]
    world.live["User"] = [liveUser("1", "alice")]
    let plan = world.plan()
    #expect(plan.changes.isEmpty && plan.adoptions.isEmpty)
    #expect(plan.withheld.map(\.situation) == [.found])
    if case .refused(let objections) = review(Plan(endpoints: [plan])) {
      #expect(found == .stop && objections.map(\.guardrail) == ["found"])
    } else {
      #expect(found == .report)
    }
  }
}
