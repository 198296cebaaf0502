import HTTPTypes
import JSON
import LocalDirectory
import SCIM
import Testing

@testable import Endpoints

@Suite struct SalesforceEndpointTests {
  private let users: ResourceType
  private static let api = SalesforceTestServer.api

  init() throws { users = try Fixtures.type("User") }

  private static func user(_ name: String, _ more: JSONObject = [:]) -> JSONObject {
    var user = Fixtures.user("\(name)@corp.example", externalId: "E-\(name)")
    user["name"] = ["givenName": "Ada", "familyName": .string(name)]
    for member in more { user[member.key] = member.value }
    return user
  }

  private func patch(_ path: String, _ value: JSONValue) throws -> ResourceUpdate {
    .patch([PatchOperation(.replace, try AttributePath(parsing: path), value: value)])
  }

  // MARK: Conformance and capabilities

  @Test func conformance() async throws {
    let defaults = ["ProfileName": "Standard User", "Email": "nobody@corp.example"]
    try await SalesforceTestServer.use(.init(namesAreAddresses: false), defaults: defaults) { endpoint, _ in
      try await EndpointConformance.check(endpoint)
    }
  }

  @Test func capabilitiesTakeOneRequest() async throws {
    let faults = FaultPlan()
    try await SalesforceTestServer.use(faults: faults) { endpoint, server in
      let known = try await endpoint.capabilities()
      #expect(known.undeletableTypes == ["User"])
      #expect(try await endpoint.capabilities().catalog.resourceTypes.map(\.name) == ["User", "Group", "Role"])
      let catalog = known.catalog
      let names = catalog.schema(SchemaURN.user)?.attribute("name")?.subAttributes.map(\.name)
      #expect(names == ["familyName", "givenName"])
      #expect(catalog.schema(SchemaURN.user)?.attribute("displayName") == nil)
      #expect(server.issuedTokens == 1)
    }
    #expect(faults.requests == ["GET \(Self.api)/sobjects/User/describe"])
  }

  @Test func whoDoesNotDescribeItselfIsTakenForTheUsual() async throws {
    try await SalesforceTestServer.use(.init(describes: false)) { [users] endpoint, _ in
      _ = try await endpoint.create(Self.user("a"), as: users)
      #expect(try await endpoint.page(of: users, at: nil).resources.map(\.userName) == ["a@corp.example"])
    }
  }

  // MARK: Listings

  @Test func peopleComeInBatchesAndAutomatonsNotAtAll() async throws {
    let store = SalesforceStore()
    let faults = FaultPlan()
    for number in 0..<5 { store.insert("User", ["Username": .string("u\(number)@x.example"), "ProfileId": "00eX"]) }
    store.insert("User", ["Username": "autoproc@00d", "UserType": "AutomatedProcess"])
    try await SalesforceTestServer.use(.init(batch: 2), faults: faults, store: store) { [users] endpoint, _ in
      let pages = try await Fixtures.walk(endpoint, users)
      #expect(pages.map(\.resources.count) == [2, 2, 1])
      #expect(pages.allSatisfy { $0.totalResults == 5 })
      #expect(pages.flatMap(\.resources).map(\.userName) == (0..<5).map { "u\($0)@x.example" })
    }
    // The fields, three batches, and the names of profiles once.
    #expect(faults.requests.count == 5)
  }

  @Test func aNextBatchElsewhereIsNotFetched() async throws {
    let faults = FaultPlan()
    for path in [
      "https://evil.example/services/data/x", "//evil.example/x", "/services/data/../../x", "/services/data/a?b",
    ] {
      try await SalesforceTestServer.use(faults: faults) { [users] endpoint, _ in
        _ = try await endpoint.capabilities()
        faults.queue(
          .get, .refuse(200, body: #"{"totalSize":9,"done":false,"records":[],"nextRecordsUrl":"\#(path)"}"#))
        #expect(await failure { _ = try await endpoint.page(of: users, at: nil) }?.kind == .malformed)
      }
    }
  }

  @Test func profilesAndRolesGoByTheirNames() async throws {
    let store = SalesforceStore()
    let role = store.insert("UserRole", ["Name": "Sales EMEA"])
    try await SalesforceTestServer.use(store: store) { [users] endpoint, server in
      let own: JSONValue = ["profile": "Minimum Access", "alias": "boss"]
      let made = try await endpoint.create(
        Self.user("a", ["roles": [["value": "Sales EMEA"]], UserField.extensionURN: own]), as: users)
      #expect(server.store.record("User", made.id)?["UserRoleId"] == .string(role))
      let seen = try #require(try await endpoint.page(of: users, at: nil).resources.first)
      #expect(seen["roles"] == [["value": "Sales EMEA"]])
      #expect(seen[UserField.extensionURN]?["profile"] == "Minimum Access")
      #expect(seen[UserField.extensionURN]?["alias"] == "boss")
      let error = await failure {
        _ = try await endpoint.update(made.id, of: users, try patch("roles", [["value": "Nobody"]]), version: nil)
      }
      #expect(error?.message == "the organisation has no UserRole named 'Nobody'")
    }
  }

  // MARK: Users

  @Test func whatANewUserMustHaveIsFilledIn() async throws {
    let defaults = ["ProfileName": "Standard User", "TimeZoneSidKey": "Europe/Oslo", "LocaleSidKey": "nb_NO"]
    try await SalesforceTestServer.use(defaults: defaults) { [users] endpoint, server in
      let made = try await endpoint.create(Self.user("lovelace-byron", ["locale": "en-GB"]), as: users)
      let record = try #require(server.store.record("User", made.id))
      #expect(record["Alias"] == "alovelac")
      #expect(record["Email"] == "lovelace-byron@corp.example")
      #expect(record["TimeZoneSidKey"] == "Europe/Oslo")
      #expect(record["LocaleSidKey"] == "en_GB")
      #expect(record["IsActive"] == true)
    }
  }

  @Test func aProfileIsNotMadeUp() async throws {
    let faults = FaultPlan()
    try await SalesforceTestServer.use(faults: faults, defaults: [:]) { [users] endpoint, _ in
      let error = await failure { _ = try await endpoint.create(Self.user("a"), as: users) }
      #expect(error?.kind == .misconfigured)
      #expect(error?.message.contains("salesforce.defaults.ProfileName") == true)
    }
    #expect(faults.requests(.post).isEmpty)
  }

  @Test func anUpdateIsOneRequestWithWhatDiffers() async throws {
    let faults = FaultPlan()
    try await SalesforceTestServer.use(faults: faults) { [users] endpoint, server in
      let made = try await endpoint.create(Self.user("a"), as: users)
      let before = faults.requests.count
      let phones: JSONValue = [["value": "+47 1", "type": "work"], ["value": "+47 2", "type": "mobile"]]
      _ = try await endpoint.update(made.id, of: users, try patch("phoneNumbers", phones), version: nil)
      #expect(faults.requests.count == before + 1)
      #expect(server.writes.last == ["Phone": "+47 1", "MobilePhone": "+47 2", "Fax": .null])
      // A part of a list depends on the rest of it.
      let one = try patch(#"phoneNumbers[type eq "work"].value"#, "+47 3")
      _ = try await endpoint.update(made.id, of: users, one, version: nil)
      #expect(server.writes.last == ["Phone": "+47 3"])
      let remove = PatchOperation(.remove, AttributePath("phoneNumbers"))
      _ = try await endpoint.update(made.id, of: users, .patch([remove]), version: nil)
      #expect(server.store.record("User", made.id)?["MobilePhone"] == nil)
    }
  }

  @Test func passwordsAreSetByTheirOwnCall() async throws {
    let faults = FaultPlan()
    try await SalesforceTestServer.use(faults: faults) { [users] endpoint, server in
      let made = try await endpoint.create(Self.user("a", ["password": "hunter22-hunter22"]), as: users)
      #expect(server.password(of: made.id) == "hunter22-hunter22")
      #expect(server.writes.first?["password"] == nil)
      _ = try await endpoint.update(made.id, of: users, try patch("password", "another-one"), version: nil)
      #expect(server.password(of: made.id) == "another-one")
      #expect(faults.requests(.patch).isEmpty)
      let error = await failure { _ = try await endpoint.create(Self.user("b", ["password": "short"]), as: users) }
      #expect(error?.message.contains("created, but without the password") == true)
      #expect(error?.message.contains("short") == false)
    }
  }

  @Test func usersAreNotDeleted() async throws {
    let faults = FaultPlan()
    try await SalesforceTestServer.use(faults: faults) { [users] endpoint, _ in
      #expect(await failure { try await endpoint.delete("005", of: users, version: nil) }?.kind == .rejected)
    }
    #expect(faults.requests.isEmpty)
  }

  @Test func whoCannotBeDeactivatedIsFrozen() async throws {
    try await SalesforceTestServer.use { [users] endpoint, server in
      let made = try await endpoint.create(Self.user("a"), as: users)
      server.store.need(made.id)
      for _ in 1...2 {
        let error = await failure {
          _ = try await endpoint.update(made.id, of: users, try patch("active", false), version: nil)
        }
        #expect(error?.message.contains("FIELD_INTEGRITY_EXCEPTION") == true)
        #expect(error?.message.contains("the account is frozen") == true)
      }
      #expect(server.store.records("UserLogin").map { $0["IsFrozen"] } == [true])
      #expect(server.writes.filter { $0["IsFrozen"] != nil }.count == 1)
    }
  }
}
