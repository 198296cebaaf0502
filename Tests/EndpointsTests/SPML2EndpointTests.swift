import JSON
import Reconciliation
import SCIM
import Testing

@testable import Endpoints

@Suite struct SPML2EndpointTests {
  private let users: ResourceType
  private let groups: ResourceType

  init() throws {
    users = try Fixtures.type("User")
    groups = try Fixtures.type("Group")
  }

  // MARK: What every driver promises

  @Test(arguments: [
    SPMLTestServer.Manners(), .init(isCareless: true), .init(targetID: nil), .init(namesObjectsByName: true),
    .init(pageCap: 1), .init(capabilities: [.search]),
  ])
  func conformance(_ manners: SPMLTestServer.Manners) async throws {
    let server = SPMLTestServer(manners)
    try await server.use { try await EndpointConformance.check($0) }
    #expect(server.violations == [])
    #expect(server.openIterators == 0)
  }

  // MARK: Capabilities

  @Test func theTargetTellsWhatItCan() async throws {
    let server = SPMLTestServer()
    try await server.use { endpoint async throws in
      let known = try await endpoint.capabilities()
      #expect(known.supportsPatch && known.supportsFilter && known.supportsChangePassword && !known.supportsEntityTags)
      let user = try #require(known.catalog.schema(SchemaURN.user))
      #expect(user.attribute("active") != nil)
      #expect(user.attribute("password") != nil)
      #expect(user.attribute("nickName") == nil)
      #expect(user.attribute("name")?.subAttributes.map(\.name) == ["formatted", "familyName", "givenName"])
      // One attribute for all addresses tells no types; two for telephone numbers do.
      #expect(user.attribute("emails")?.subAttributes.map(\.name) == ["value"])
      #expect(user.attribute("phoneNumbers")?.subAttributes.map(\.name) == ["value", "type"])
      let enterprise = try #require(known.catalog.schema(SchemaURN.enterpriseUser))
      #expect(enterprise.attributes.map(\.name) == ["employeeNumber", "department", "manager"])
      let group = try #require(known.catalog.schema(SchemaURN.group))
      #expect(group.attribute("members")?.referencedTypes == ["User", "Group"])
      #expect(endpoint.ownUserName == SCIMTestServer.userName)
      _ = try await endpoint.capabilities()
    }
    #expect(server.requests == ["listTargetsRequest"])
  }

  @Test func whatIsNotCalledACapabilityIsNotDone() async throws {
    try await SPMLTestServer(.init(capabilities: [], userAttributes: ["uid!", "userPassword"])).use {
      [users] endpoint async throws in
      let known = try await endpoint.capabilities()
      #expect(!known.supportsFilter && !known.supportsChangePassword)
      let user = try #require(known.catalog.schema(SchemaURN.user))
      #expect(user.attributes.map(\.name).sorted() == ["externalId", "password", "userName"])
      #expect(user.attribute("externalId")?.mutability == .readOnly)
      let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
      #expect(error?.message == "the target has no search capability, so nobody can say what it holds")
    }
  }

  @Test(arguments: [
    (SPML2Settings(target: "other"), "no target 'other'; it has 'hr'"),
    (SPML2Settings(userClass: "person"), "no class 'person' (`spml2.userClass`); it has 'user', 'group'"),
    (SPML2Settings(groupClass: "team"), "no class 'team' (`spml2.groupClass`)"),
  ])
  func whatTheManifestMeansMustBeThere(_ settings: SPML2Settings, _ message: String) async throws {
    try await SPMLTestServer().use(settings: settings) { endpoint async throws in
      let error = await failure { _ = try await endpoint.capabilities() }
      #expect(error?.kind == .misconfigured)
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
  }

  @Test func withoutAGroupClassThereAreNoGroups() async throws {
    try await SPMLTestServer().use(settings: SPML2Settings()) { [groups] endpoint async throws in
      #expect(try await endpoint.capabilities().catalog.resourceTypes.map(\.name) == ["User"])
      #expect(await failure { _ = try await endpoint.page(of: groups, at: nil) }?.kind == .rejected)
    }
  }

  // MARK: State and passwords

  @Test func activeIsAState() async throws {
    let server = SPMLTestServer()
    try await server.use { [users] endpoint async throws in
      var user = Fixtures.user("a")
      user["active"] = false
      let made = try await endpoint.create(user, as: users)
      #expect(made["active"] == false)
      #expect(server.objects[0].isActive == false)
      #expect(try await endpoint.page(of: users, at: nil).resources[0]["active"] == false)
      server.forgetRequests()
      let activate = PatchOperation(.replace, AttributePath("active"), value: true)
      let title = PatchOperation(.replace, AttributePath("title"), value: "Chief")
      #expect(try await endpoint.update(made.id, of: users, .patch([activate, title]), version: nil) == nil)
      #expect(server.requests == ["modifyRequest", "resumeRequest"])
      server.forgetRequests()
      let deactivate = PatchOperation(.replace, nil, value: ["active": "False"])
      #expect(try await endpoint.update(made.id, of: users, .patch([deactivate]), version: nil) == nil)
      #expect(server.requests == ["suspendRequest"])
      #expect(server.objects[0].isActive == false)
    }
    #expect(server.violations == [])
  }

  @Test func passwordsAreSetByTheirOwnCall() async throws {
    let server = SPMLTestServer()
    try await server.use { [users] endpoint async throws in
      var user = Fixtures.user("a")
      user["password"] = "<secret>&1"
      let made = try await endpoint.create(user, as: users)
      #expect(server.requests.suffix(2) == ["addRequest", "setPasswordRequest"])
      #expect(server.objects[0].password == "<secret>&1")
      server.forgetRequests()
      let change = PatchOperation(.replace, AttributePath("password"), value: "other7")
      #expect(try await endpoint.update(made.id, of: users, .patch([change]), version: nil) == nil)
      #expect(server.requests == ["setPasswordRequest"])
      #expect(server.objects[0].password == "other7")
    }
  }

  @Test func aUserWithoutItsPasswordIsTakenBack() async throws {
    let server = SPMLTestServer()
    try await server.use { [users] endpoint async throws in
      var user = Fixtures.user("a")
      user["password"] = "p  <"
      let error = await failure { _ = try await endpoint.create(user, as: users) }
      #expect(error?.kind == .rejected)
      #expect(error?.message == "customError: ••• is too short; what was created is taken back")
      #expect(server.objects.isEmpty)
      server.queue("deleteRequest", .fail("customError", "never"))
      let second = await failure { _ = try await endpoint.create(user, as: users) }
      #expect(second?.message.contains("could not be taken back: customError: never") == true)
    }
  }

  @Test func withoutTheCapabilityAPasswordIsAnAttribute() async throws {
    let manners = SPMLTestServer.Manners(capabilities: [.search], userAttributes: ["uid!", "userPassword", "active"])
    let server = SPMLTestServer(manners)
    try await server.use { [users] endpoint async throws in
      var user = Fixtures.user("a")
      user["password"] = "hunter22"
      let made = try await endpoint.create(user, as: users)
      #expect(server.objects[0].attributes["userPassword"] == ["hunter22"])
      #expect(server.objects[0].attributes["active"] == ["true"])
      let error = EndpointError(.rejected, status: 200, "customError: no •••")
      server.queue("modifyRequest", .fail("customError", "no hunter33"))
      let change = PatchOperation(.replace, AttributePath("password"), value: "hunter33")
      #expect(
        await failure { _ = try await endpoint.update(made.id, of: users, .patch([change]), version: nil) } == error)
      // What is replaced whole keeps its password.
      _ = try await endpoint.update(made.id, of: users, .replace(Fixtures.user("a")), version: nil)
      #expect(server.objects[0].attributes["userPassword"] == ["hunter22"])
    }
    #expect(
      server.requests.allSatisfy {
        ["listTargetsRequest", "addRequest", "modifyRequest", "lookupRequest"].contains($0)
      })
  }

  // MARK: Names

  @Test func whoIsRenamedHasANewIdentifier() async throws {
    let server = SPMLTestServer(.init(namesObjectsByName: true))
    try await server.use { [users] endpoint async throws in
      let made = try await endpoint.create(Fixtures.user("ann"), as: users)
      #expect(made.id == "uid=ann")
      let rename = PatchOperation(.replace, AttributePath("userName"), value: "anna")
      let off = PatchOperation(.replace, AttributePath("active"), value: false)
      let renamed = try await endpoint.update(made.id, of: users, .patch([rename, off]), version: nil)
      #expect(renamed?.id == "uid=anna")
      #expect(renamed?.userName == "anna")
      #expect(renamed?["active"] == false)
    }
  }

  @Test func namesOfThePrimaryStoreAreReadWithoutIt() async throws {
    let server = SPMLTestServer()
    try await server.use { [users] endpoint async throws in
      let other = try await endpoint.create(Fixtures.user("SECONDARY/bob"), as: users)
      #expect(other.userName == "SECONDARY/bob")
      let first = try await endpoint.create(Fixtures.user("PRIMARY/bob"), as: users)
      #expect(first.userName == "bob")
      // What is no difference is not written.
      server.forgetRequests()
      let numbers = PatchOperation(.replace, AttributePath("phoneNumbers"), value: [["value": "3", "type": "mobile"]])
      _ = try await endpoint.update(first.id, of: users, .patch([numbers]), version: nil)
      #expect(server.objects[1].attributes["uid"] == ["PRIMARY/bob"])
      #expect(server.objects[1].attributes["mobile"] == ["3"])
    }
  }

  @Test func whatAClassRequiresIsMadeOfTheName() async throws {
    let server = SPMLTestServer(.init(userAttributes: ["uid!", "cn!", "sn!", "title"]))
    try await server.use { [users] endpoint async throws in
      let made = try await endpoint.create(Fixtures.user("ann"), as: users)
      #expect(server.objects[0].attributes["cn"] == ["ann"])
      #expect(server.objects[0].attributes["sn"] == ["ann"])
      var named = Fixtures.user("ann")
      named["name"] = ["familyName": "Ahead"]
      named["title"] = "Chief"
      _ = try await endpoint.update(made.id, of: users, .replace(named), version: nil)
      #expect(server.objects[0].attributes["sn"] == ["Ahead"])
      let clear = PatchOperation(.remove, AttributePath("name", sub: "familyName"))
      _ = try await endpoint.update(made.id, of: users, .patch([clear]), version: nil)
      #expect(server.objects[0].attributes["sn"] == ["ann"])
    }
    #expect(server.violations == [])
  }
}
