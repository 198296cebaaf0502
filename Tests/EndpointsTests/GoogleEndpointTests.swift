import CryptoExtras
import Foundation
import HTTPTypes
import JSON
import Reconciliation
import SCIM
import Synchronization
import Testing

@testable import Endpoints

@Suite struct GoogleEndpointTests {
  private let users: ResourceType
  private let groups: ResourceType
  private static let base = "/admin/directory/v1"

  init() throws {
    users = try #require(GoogleCatalog.standard.resourceType("User"))
    groups = try #require(GoogleCatalog.standard.resourceType("Group"))
  }

  @Test(arguments: [GoogleSettings.Removal.suspend, .delete])
  func conforms(_ removal: GoogleSettings.Removal) async throws {
    try await GoogleTestServer(pageCap: 2).use(.init(domain: "corp.example", onRemoval: removal)) { endpoint in
      try await EndpointConformance.check(NamesAsAddresses(endpoint: endpoint, domain: "corp.example"))
    }
  }

  // MARK: Listings

  @Test func listsAreWalkedByTokens() async throws {
    let server = GoogleTestServer(pageCap: 2)
    try await server.use { [users] endpoint in
      for number in 1...5 { _ = try await endpoint.create(GoogleFixtures.user("u\(number)"), as: users) }
      let pages = try await Fixtures.walk(endpoint, users)
      #expect(pages.map(\.resources.count) == [2, 2, 1])
      #expect(pages.allSatisfy { $0.endIsCertain && $0.totalResults == nil })
    }
    let query = "/users?domain=corp.example&maxResults=500&projection=full"
    #expect(
      server.faults.requests(.get)
        == ["", "&pageToken=page%2F%2B2", "&pageToken=page%2F%2B4"].map {
          "GET \(Self.base)\(query)\($0)"
        })
  }

  @Test func aManagerOnALaterPageIsFound() async throws {
    let server = GoogleTestServer(pageCap: 2)
    try await server.use { [users] endpoint in
      let boss = try await endpoint.create(GoogleFixtures.user("zoe"), as: users)
      let report: JSONObject = [SchemaURN.enterpriseUser: ["manager": ["value": .string(boss.id)]]]
      for name in ["ann", "bob", "cid"] { _ = try await endpoint.create(GoogleFixtures.user(name, report), as: users) }
    }
    // A client that has seen nobody yet.
    try await server.use { [users] endpoint in
      let everybody = try await Fixtures.walk(endpoint, users).flatMap(\.resources)
      #expect(everybody.count == 4)
      let boss = try #require(everybody.first { $0.userName == "zoe@corp.example" })
      let managers = everybody.compactMap { $0[SchemaURN.enterpriseUser]?["manager"]?["value"]?.string }
      #expect(managers == [boss.id, boss.id, boss.id])
    }
    #expect(server.faults.requests(.get).allSatisfy { $0.contains("/users?domain=") })
  }

  @Test func membersTakeOneRequestAPage() async throws {
    let server = GoogleTestServer(pageCap: 2)
    try await server.use { [users, groups] endpoint in
      var ids: [String] = []
      for number in 1...3 { ids.append(try await endpoint.create(GoogleFixtures.user("u\(number)"), as: users).id) }
      _ = try await endpoint.create(Fixtures.group("Crew", members: ids), as: groups)
      _ = try await endpoint.create(Fixtures.group("Nobody"), as: groups)
      let page = try await endpoint.page(of: groups, at: nil)
      #expect(page.resources.map { MembershipEdit.ids($0["members"]).sorted() } == [ids.sorted(), []])
    }
    #expect(server.faults.requests(.get).filter { $0.contains("/members") }.count == 3)
  }

  @Test func membersAreReadOfWantedGroupsAlone() async throws {
    let server = GoogleTestServer(pageCap: 2)
    try await server.use { [users, groups] endpoint in
      let ann = try await endpoint.create(GoogleFixtures.user("ann"), as: users).id
      var ids: [String] = []
      for name in ["Foreign", "Found", "Linked", "Other"] {
        ids.append(try await endpoint.create(Fixtures.group(name, members: [ann]), as: groups).id)
      }
      let interest = try await Self.interest(in: ["found", "linked"], at: endpoint, linked: ["linked": ids[2]])
      let before = server.faults.requests.count
      var walk = ListingWalk()
      while walk.take(try await endpoint.page(of: groups, at: walk.position, interest: interest)) {}
      #expect(walk.listing().completeness == .complete)
      let found = walk.listing().resources
      #expect(found.map(\.displayName) == ["Foreign", "Found", "Linked", "Other"])
      #expect(found.map { MembershipEdit.ids($0["members"]) } == [[], [ann], [ann], []])
      let asked = server.faults.requests.dropFirst(before)
      #expect(asked.filter { $0.contains("/members") }.count == 2)
      #expect(asked.count == 4)
      // Whoever is asked for by name is told whole.
      #expect(try await endpoint.find(groups, where: "displayName", equals: "Foreign").first?["members"] != nil)
    }
  }

  /// What a pass wants of groups with members.
  private static func interest(
    in names: [String], at endpoint: GoogleEndpoint, linked: [String: String]
  ) async throws -> ListingInterest {
    let desired = names.map { name in
      DesiredResource(
        key: ResourceKey("Group", name), attributes: ["displayName": .string(name.capitalized)],
        members: DesiredMembers(references: []), location: SourceLocation(file: "g.yaml", line: 1))
    }
    let entries = linked.map { name, id in
      Ledger.Entry(
        key: ResourceKey("Group", name), remoteID: id, origin: .created, applied: [:],
        updatedAt: Date(timeIntervalSince1970: 0))
    }
    let declaration = EndpointDeclaration(name: endpoint.name, driver: .google)
    let interests = InterestSurvey(prune: false).interests(
      in: DesiredState(resources: desired, endpoints: [declaration]), at: endpoint.name,
      try await endpoint.capabilities(), owned: Ledger(entries))
    return try #require(interests["Group"])
  }

  @Test(arguments: [400, 403, 500])
  func aListThatCannotBeReadIsNoEmptyOne(_ status: Int) async throws {
    let server = GoogleTestServer()
    try await server.use { [users, groups] endpoint in
      _ = try await endpoint.create(Fixtures.group("Crew"), as: groups)
      let refusals = Array(repeating: FaultPlan.Fault.refuse(status, body: "{}"), count: 20)
      refusals.forEach { server.faults.queue(.get, $0) }
      #expect(await failure { _ = try await endpoint.page(of: users, at: nil) }?.status == status)
      #expect(await failure { _ = try await endpoint.page(of: groups, at: nil) }?.status == status)
    }
  }

  // MARK: Users

  @Test func aNewUserHasAPasswordThatNobodyKnows() async throws {
    let server = GoogleTestServer()
    try await server.use(.init(domain: "corp.example", orgUnitPath: "/Staff")) { [users] endpoint in
      let first = try await endpoint.create(GoogleFixtures.user("ann"), as: users)
      let second = try await endpoint.create(GoogleFixtures.user("bob"), as: users)
      let kept = server.state.withLock { $0.users }
      let passwords = [first, second].compactMap { kept[$0.id]?["password"]?.string }
      #expect(Set(passwords).count == 2 && passwords.allSatisfy { $0.count == 32 })
      #expect(kept.values.allSatisfy { $0["orgUnitPath"] == "/Staff" })
    }
    #expect(server.faults.requests == Array(repeating: "POST \(Self.base)/users", count: 2))
  }

  @Test func whoHasNoNameIsRefusedBeforeGoogleIsAsked() async throws {
    let server = GoogleTestServer()
    try await server.use { [users] endpoint in
      let error = await failure { _ = try await endpoint.create(["userName": "ann@corp.example"], as: users) }
      #expect(error?.message.contains("name.familyName") == true)
    }
    #expect(server.faults.requests.isEmpty)
  }

  @Test func onlyWhatDiffersIsWritten() async throws {
    let server = GoogleTestServer()
    try await server.use { [users] endpoint in
      let made = try await endpoint.create(
        GoogleFixtures.user("ann", ["title": "Dr", SchemaURN.enterpriseUser: ["department": "Sales"]]), as: users)
      // What others keep in the same lists stays.
      server.state.withLock { state in
        let ids = state.users[made.id]?["externalIds"]?.array ?? []
        state.users[made.id]?["externalIds"] = .array(ids + [["type": "login_id", "value": "x"]])
      }
      _ = try await endpoint.page(of: users, at: nil)
      let change = [
        PatchOperation(.replace, AttributePath("title"), value: "Prof"),
        PatchOperation(.replace, AttributePath("externalId"), value: "E-2"),
        PatchOperation(.replace, AttributePath("active"), value: false),
      ]
      let updated = try await endpoint.update(made.id, of: users, .patch(change), version: nil)
      #expect(updated?["title"] == "Prof")
      #expect(updated?[SchemaURN.enterpriseUser]?["department"] == "Sales")
      let kept = server.state.withLock { $0.users[made.id] }
      #expect(kept?["suspended"] == true)
      #expect(kept?["externalIds"]?.array?.count == 2)
      let clear = PatchOperation(.remove, AttributePath(schema: SchemaURN.enterpriseUser, "department"))
      let title = PatchOperation(.remove, AttributePath("title"))
      _ = try await endpoint.update(made.id, of: users, .patch([clear, title]), version: nil)
      #expect(server.state.withLock { $0.users[made.id]?["organizations"] } == nil)
    }
    #expect(server.faults.requests(.patch).count == 1)
    #expect(server.faults.requests(.put).count == 1)
    // One list; nothing is read for the sake of a write.
    #expect(server.faults.requests(.get).count == 1)
  }

  @Test func aliasesFollow() async throws {
    let server = GoogleTestServer()
    @Sendable func emails(_ aliases: String...) -> JSONValue {
      .array(
        [["value": "ann@home.example", "type": "home"]]
          + aliases.map { ["value": .string("\($0)@corp.example"), "type": "alias"] })
    }
    try await server.use { [users] endpoint in
      let made = try await endpoint.create(GoogleFixtures.user("ann", ["emails": emails("annie")]), as: users)
      let change = PatchOperation(.replace, AttributePath("emails"), value: emails("anne"))
      _ = try await endpoint.update(made.id, of: users, .patch([change]), version: nil)
      let found = try #require(try await endpoint.resource(made.id, of: users))
      #expect(
        found["emails"] == [
          ["value": "ann@corp.example", "type": "work", "primary": true],
          ["value": "ann@home.example", "type": "home"], ["value": "anne@corp.example", "type": "alias"],
        ])
    }
    #expect(server.faults.requests(.delete) == ["DELETE \(Self.base)/users/1001/aliases/annie%40corp.example"])
  }

  @Test func whoIsNewIsNotKnownEverywhereAtOnce() async throws {
    let server = GoogleTestServer()
    server.state.withLock { $0.unknownFor = 3 }
    let clock = ManualClock()
    try await server.use(clock: clock) { [users, groups] endpoint in
      let made = try await endpoint.create(GoogleFixtures.user("ann"), as: users)
      let group = try await endpoint.create(Fixtures.group("Crew", members: [made.id]), as: groups)
      #expect(server.state.withLock { $0.members[group.id] } == [made.id])
    }
    #expect(clock.sleeps == [.seconds(1), .seconds(2), .seconds(4)])
  }

  // MARK: Quotas and rights

  @Test(arguments: ["userRateLimitExceeded", "rateLimitExceeded", "quotaExceeded"])
  func quotasAreWaitedFor(_ reason: String) async throws {
    let server = GoogleTestServer()
    let clock = ManualClock()
    try await server.use(clock: clock) { [users] endpoint in
      let text = GoogleTestServer.Refusal(403, reason, "Request rate higher than configured.").text
      server.faults.queue(.get, .refuse(403, body: text), .refuse(429), .refuse(503))
      _ = try await endpoint.page(of: users, at: nil)
    }
    #expect(server.faults.requests.count == 4)
  }

  @Test(arguments: ["forbidden", "dailyLimitExceeded"])
  func whatIsForbiddenIsNotTriedAgain(_ reason: String) async throws {
    let server = GoogleTestServer()
    try await server.use { [users] endpoint in
      let text = GoogleTestServer.Refusal(403, reason, "Not Authorized to access this resource/api").text
      server.faults.queue(.get, .refuse(403, body: text))
      let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
      #expect(error?.kind == .forbidden)
      #expect(error?.message.contains("administrator") == true)
    }
    #expect(server.faults.requests.count == 1)
  }

  /// Tokens for accounts and tokens for roles are asked for apart, so that roles need no right where there are none.
  @Test func rolesHaveTokensOfTheirOwn() async throws {
    let key = try SigningKey(pem: Secret(try TokenTestServer.key.get().pemRepresentation))
    let grant = AccessTokenGrant(
      tokenURL: "https://t.example/token",
      proof: .assertion(.init(issuer: "robot", subject: "admin@corp.example", audience: "t", key: key)))
    guard case .assertion(let assertion) = grant.asking(for: GoogleScope.roles).proof else {
      Issue.record("the grant became another")
      return
    }
    #expect(assertion.scopes == ["https://www.googleapis.com/auth/admin.directory.rolemanagement"])
    #expect(GoogleScope.accounts.allSatisfy { $0.hasPrefix("https://www.googleapis.com/auth/admin.directory.") })
  }
}
