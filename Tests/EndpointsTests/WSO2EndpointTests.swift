import HTTPTypes
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import Testing

@testable import Endpoints

@Suite struct WSO2EndpointTests {
  private let users: ResourceType
  private let groups: ResourceType
  private let roles: ResourceType

  init() throws {
    users = try Fixtures.type("User")
    groups = try Fixtures.type("Group")
    roles = try Fixtures.type("Role")
  }

  @Test(arguments: [[], ["PRIMARY"], ["PRIMARY", "SECONDARY"]])
  func conformance(userStores: [String]) async throws {
    try await WSO2TestServer.use(.init(userStores: userStores)) { endpoint, _ in
      try await EndpointConformance.check(endpoint)
    }
  }

  @Test func tenantsHaveAPathOfTheirOwn() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(.init(tenant: "acme.example"), faults: faults) { [users] endpoint, _ in
      _ = try await endpoint.create(Fixtures.user("ada"), as: users)
      #expect(try await endpoint.page(of: users, at: nil).resources.map(\.userName) == ["ada"])
    }
    #expect(faults.requests.allSatisfy { $0.contains(" /t/acme.example/scim2/") })
  }

  @Test func capabilitiesTellWhatIsKept() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { endpoint, _ in
      let known = try await endpoint.capabilities()
      #expect(!known.supportsBulk && !known.supportsEntityTags && known.supportsPatch)
      let catalog = known.catalog
      let user = try #require(catalog.schema(SchemaURN.user))
      #expect(user.attribute("userName")?.mutability == .immutable)
      #expect(user.attribute("roles")?.mutability == .readOnly)
      #expect(user.attribute("emails")?.subAttribute("primary") == nil)
      #expect(catalog.schema(SchemaURN.enterpriseUser)?.attribute("accountDisabled")?.mutability == .readOnly)
      let group = try #require(catalog.resourceType("Group"))
      #expect(catalog.membershipAttribute(of: group, for: "User") == "members")
      #expect(catalog.membershipAttribute(of: group, for: "Group") == nil)
      #expect(catalog.schema(SchemaURN.role)?.attribute("externalId")?.mutability == .readOnly)
      let provisioning = try #require(catalog.schema(SchemaURN.identityProvider)?.attribute("provisioning"))
      #expect(provisioning.subAttributes.map(\.name) == ["connectors"])
      #expect(provisioning.subAttribute("connectors")?.subAttribute("endpoint") == nil)
      let client = catalog.schema(SchemaURN.serviceProvider)?.attribute("inbound")?.subAttribute("openidconnect")
      #expect(client?.subAttribute("clientId")?.mutability == .immutable)
      #expect(client?.subAttribute("idTokenAlgorithm") == nil)
    }
    #expect(faults.requests.count == 3)
  }

  @Test func onlyAnEmptyPageEndsAListing() async throws {
    let directory = Directory.forTests()
    try await Fixtures.fill(directory, users: 5)
    try await WSO2TestServer.use(.init(pageCap: 2), directory: directory) { [users] endpoint, _ in
      let pages = try await Fixtures.walk(endpoint, users)
      #expect(pages.map(\.resources.count) == [2, 2, 1, 0])
      var walk = ListingWalk()
      for page in pages { _ = walk.take(page) }
      #expect(walk.listing().resources.count == 5)
      #expect(walk.listing().completeness == .complete)
    }
  }

  @Test func knownUserStoresAreListedOneAfterAnother() async throws {
    let directory = Directory.forTests()
    let type = try Fixtures.type("User")
    for name in ["ada", "bob", "SECONDARY/ada", "THIRD/eve"] {
      _ = try await directory.create(type: type, attributes: Fixtures.user(name), by: "test")
    }
    let stores = ["PRIMARY", "SECONDARY", "EMPTY", "THIRD"]
    let faults = FaultPlan()
    try await WSO2TestServer.use(.init(pageCap: 1, userStores: stores), faults: faults, directory: directory) {
      [users] endpoint, _ in
      var walk = ListingWalk()
      while walk.take(try await endpoint.page(of: users, at: walk.position)) {}
      #expect(walk.listing().resources.map(\.userName) == ["ada", "bob", "SECONDARY/ada", "THIRD/eve"])
      #expect(walk.listing().completeness == .complete)
      for name in ["bob", "SECONDARY/ada", "THIRD/eve"] {
        #expect(try await endpoint.find(users, where: "userName", equals: name).map(\.userName) == [name])
      }
      let beyond = await failure { _ = try await endpoint.page(of: users, at: .cursor("9/1")) }
      #expect(beyond?.kind == .rejected)
    }
    #expect(faults.requests(.get).count { $0.contains("domain=SECONDARY") } > 1)
  }

  @Test func emailsWithoutATypeAreBareStrings() async throws {
    try await WSO2TestServer.use { [users] endpoint, server in
      var ada = Fixtures.user("ada")
      ada["emails"] = [["value": "a@x.example"], ["value": "b@x.example", "type": "home", "primary": true]]
      let made = try await endpoint.create(ada, as: users)
      #expect(made["emails"] == [["value": "a@x.example"], ["value": "b@x.example", "type": "home"]])
      #expect(server.writes.first?["active"] == nil)
    }
  }

  @Test func whoIsInactiveIsDisabled() async throws {
    try await WSO2TestServer.use { [users] endpoint, server in
      let made = try await endpoint.create(Fixtures.user("ada"), as: users)
      #expect(made["active"] == true)
      for isActive in [false, true] {
        let patch = PatchOperation(.replace, AttributePath("active"), value: .bool(isActive))
        let changed = try await endpoint.update(made.id, of: users, .patch([patch]), version: nil)
        #expect(changed?["active"] == .bool(isActive))
        let path = "\(SchemaURN.enterpriseUser):accountDisabled"
        #expect(
          server.writes.last?["Operations"] == [["op": "replace", "path": .string(path), "value": .bool(!isActive)]])
      }
      var gone = Fixtures.user("gone")
      gone["active"] = false
      #expect(try await endpoint.create(gone, as: users)["active"] == false)
    }
  }

  @Test func passwordsAreSetWithoutAPath() async throws {
    try await WSO2TestServer.use { [users] endpoint, server in
      let made = try await endpoint.create(Fixtures.user("ada"), as: users)
      let patch = PatchOperation(.replace, AttributePath("password"), value: "correct horse")
      _ = try await endpoint.update(made.id, of: users, .patch([patch]), version: nil)
      #expect(server.writes.last?["Operations"] == [["op": "replace", "value": ["password": "correct horse"]]])
    }
  }

  @Test func aRefusedPasswordIsNotRepeated() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [users] endpoint, _ in
      let made = try await endpoint.create(Fixtures.user("ada"), as: users)
      faults.queue(.patch, .refuse(400, body: #"{"detail":"30003 - hunter22 is too weak"}"#))
      let patch = PatchOperation(.replace, AttributePath("password"), value: "hunter22")
      let error = await failure {
        _ = try await endpoint.update(made.id, of: users, .patch([patch]), version: nil)
      }
      #expect(error?.message.contains("too weak") == true)
      #expect(error?.message.contains("hunter22") == false)
    }
  }

  @Test func membersGoByIdAndName() async throws {
    let directory = Directory.forTests()
    try await Fixtures.fill(directory, users: 2)
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults, directory: directory) { [users, groups] endpoint, server in
      let ids = try await endpoint.page(of: users, at: nil).resources.map(\.id)
      let before = faults.requests.count
      let group = try await endpoint.create(Fixtures.group("crew", members: ids), as: groups)
      #expect(group.displayName == "crew")
      #expect(faults.requests.count == before + 1)
      #expect(server.writes.last?["members"]?.array?.compactMap { $0["display"]?.string } == ["user0", "user1"])
      #expect(try await endpoint.find(groups, where: "displayName", equals: "crew").map(\.id) == [group.id])
    }
    // Who was not seen yet is asked for.
    try await WSO2TestServer.use(directory: directory) { [groups] endpoint, server in
      let ids = try await directory.list(type: try Fixtures.type("User"), ListQuery(count: 10)).resources.map(\.id)
      _ = try await endpoint.create(Fixtures.group("others", members: ids), as: groups)
      #expect(server.writes.last?["members"]?.array?.compactMap { $0["display"]?.string } == ["user0", "user1"])
    }
  }

  @Test func rolesAreReadOneByOneAndPermissionsReplaced() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [users, roles] endpoint, server in
      let ada = try await endpoint.create(Fixtures.user("ada"), as: users).id
      let role: JSONObject = [
        "displayName": "auditor", "users": [["value": .string(ada)]], "permissions": ["/permission/admin/login"],
      ]
      let made = try await endpoint.create(role, as: roles)
      let seen = try #require(try await endpoint.page(of: roles, at: nil).resources.first)
      #expect(seen["permissions"] == ["/permission/admin/login"])
      #expect(seen["users"]?.array?.compactMap { $0["value"]?.string } == [ada])
      let remove = PatchOperation(.remove, AttributePath("permissions"))
      #expect(try await endpoint.update(made.id, of: roles, .patch([remove]), version: nil) == nil)
      #expect(server.writes.last?["Operations"] == [["op": "replace", "path": "permissions", "value": []]])
      #expect(try await endpoint.resource(made.id, of: roles)?["permissions"] == nil)
    }
    #expect(faults.requests(.get).filter { $0.contains("/Roles") }.count == 3)
  }

  @Test func rolesThatNobodyManagesAreNotReadOneByOne() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [roles] endpoint, server in
      for name in ["auditor", "foreign"] { _ = try await endpoint.create(["displayName": .string(name)], as: roles) }
      let wanted = DesiredResource(
        key: ResourceKey("Role", "auditor"),
        attributes: ["displayName": "auditor", "permissions": ["/permission/admin/login"]],
        location: SourceLocation(file: "r.yaml", line: 1))
      let declaration = EndpointDeclaration(name: endpoint.name, driver: .wso2)
      let interests = InterestSurvey(prune: false).interests(
        in: DesiredState(resources: [wanted], endpoints: [declaration]), at: endpoint.name,
        try await endpoint.capabilities(), owned: Ledger())
      let before = faults.requests.count
      let page = try await endpoint.page(of: roles, at: nil, interest: try #require(interests["Role"]))
      #expect(page.resources.map(\.displayName) == ["auditor", "foreign"])
      #expect(faults.requests.dropFirst(before).filter { $0.contains("/Roles/") }.count == 1)
    }
  }

  @Test func aLostCreateIsLookedUpBeforeItIsRepeated() async throws {
    let faults = FaultPlan()
    try await WSO2TestServer.use(faults: faults) { [groups] endpoint, server in
      _ = try await endpoint.capabilities()
      faults.queue(.post, .obeyThenDrop)
      let made = try await endpoint.create(Fixtures.group("crew"), as: groups)
      #expect(made.displayName == "crew")
      #expect(server.writes.count == 1)
    }
  }
}
