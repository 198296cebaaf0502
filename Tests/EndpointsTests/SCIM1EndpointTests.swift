import HTTPTypes
import JSON
import LocalDirectory
import SCIM
import Testing

@testable import Endpoints

@Suite struct SCIM1EndpointTests {
  private let users: ResourceType
  private let groups: ResourceType
  private static let collection = "/wso2/scim/Users"

  init() throws {
    users = try Fixtures.type("User")
    groups = try Fixtures.type("Group")
  }

  // MARK: Capabilities

  @Test func capabilitiesTakeOneRequest() async throws {
    let faults = FaultPlan()
    try await SCIM1TestServer.use(.specification, faults: faults) { endpoint in
      let known = try await endpoint.capabilities()
      #expect(known.supportsEntityTags && known.supportsPatch && !known.supportsBulk)
      #expect(try await endpoint.capabilities().catalog.resourceTypes.map(\.name) == ["User", "Group"])
      #expect(endpoint.ownUserName == SCIMTestServer.userName)
    }
    #expect(faults.requests == ["GET /wso2/scim/ServiceProviderConfigs"])
  }

  @Test func whoSaysNothingIsTakenForWSO2() async throws {
    let faults = FaultPlan()
    try await SCIM1TestServer.use(.wso2, faults: faults) { endpoint in
      faults.queue(.get, .refuse(200, body: "<html>Sign in</html>"))
      let known = try await endpoint.capabilities()
      #expect(known.supportsPatch && !known.supportsEntityTags)
    }
  }

  @Test func withoutAGroupEndpointThereAreNoGroups() async throws {
    try await SCIM1TestServer.use(.wso2, configure: { $0.groupEndpoint = nil }) { [groups] endpoint in
      let known = try await endpoint.capabilities()
      #expect(known.catalog.resourceTypes.map(\.name) == ["User"])
      let error = await failure { _ = try await endpoint.page(of: groups, at: nil) }
      #expect(error?.kind == .rejected)
    }
  }

  // MARK: Listings

  private func walk(
    _ manners: SCIM1TestServer.Manners, users count: Int
  ) async throws -> (pages: [ResourcePage], requests: [String]) {
    let directory = Directory.forTests()
    try await Fixtures.fill(directory, users: count)
    let faults = FaultPlan()
    let result = AsyncStream<[ResourcePage]>.makeStream()
    try await SCIM1TestServer.use(manners, faults: faults, directory: directory) { [users] endpoint in
      result.continuation.yield(try await Fixtures.walk(endpoint, users))
    }
    return (try #require(await result.stream.first { _ in true }), faults.requests)
  }

  @Test func pagesFollowByIndex() async throws {
    let (pages, requests) = try await walk(.init(pageCap: 3), users: 7)
    #expect(pages.map(\.resources.count) == [3, 3, 1])
    #expect(pages.allSatisfy { $0.totalResults == 7 })
    #expect(requests == ["", "?startIndex=4", "?startIndex=7"].map { "GET \(Self.collection)\($0)" })
  }

  @Test func whoListsNamesOnlyIsReadOneByOne() async throws {
    let (pages, requests) = try await walk(.wso2, users: 20)
    #expect(pages.map(\.resources.count) == [20])
    #expect(pages[0].resources.allSatisfy { $0["active"] == true })
    #expect(pages[0].resources.map(\.userName) == (0..<20).map { "user\($0)" })
    #expect(requests.count == 21)
  }

  /// A user store of WSO2 stops at a hundred and counts what it brings, so a hundred proves nothing.
  @Test func aRoundNumberIsNoProof() async throws {
    let directory = Directory.forTests()
    try await Fixtures.fill(directory, users: 100)
    try await SCIM1TestServer.use(.wso2, directory: directory) { [users] endpoint in
      let first = try await endpoint.page(of: users, at: nil)
      #expect(first.next == .index(101))
      let error = await failure { _ = try await endpoint.page(of: users, at: first.next) }
      #expect(error?.kind == .rejected)
    }
  }

  @Test func aWrongAddressIsNoEmptyEndpoint() async throws {
    try await SCIM1TestServer.use(
      .wso2, configure: { $0.userEndpoint = $0.userEndpoint.replacing("Users", with: "People") }
    ) { [users] endpoint in
      let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
      #expect(error?.status == 404)
      #expect(error?.message.contains("no Users at this address") == true)
    }
  }

  @Test func namesOfThePrimaryStoreAreReadWithoutIt() async throws {
    try await SCIM1TestServer.use(.wso2) { [groups] endpoint in
      let made = try await endpoint.create(Fixtures.group("crew"), as: groups)
      #expect(made.displayName == "crew")
      #expect(try await endpoint.page(of: groups, at: nil).resources.map(\.displayName) == ["crew"])
      let other = try await endpoint.create(Fixtures.user("SECONDARY/bob"), as: users)
      #expect(other.userName == "SECONDARY/bob")
    }
  }

  // MARK: Writes

  @Test func membersAreToldByIdAndName() async throws {
    let faults = FaultPlan()
    let directory = Directory.forTests()
    try await Fixtures.fill(directory, users: 1)
    try await SCIM1TestServer.use(.wso2, faults: faults, directory: directory) { [users, groups] endpoint in
      let known = try await endpoint.create(Fixtures.user("known"), as: users)
      let unseen = try #require(try await directory.list(type: users, ListQuery()).resources.first?.id)
      _ = try await endpoint.create(Fixtures.group("crew", members: [known.id, unseen]), as: groups)
      #expect(faults.requests(.get) == ["GET \(Self.collection)/\(unseen)"])
    }
  }

  @Test func whereThereIsNoPatchTheWholeIsSent() async throws {
    let faults = FaultPlan()
    try await SCIM1TestServer.use(.init(patches: false), faults: faults) { [users] endpoint in
      var user = Fixtures.user("a", externalId: "E-1")
      user["title"] = "Chief"
      let made = try await endpoint.create(user, as: users)
      for title in ["Head", "Boss"] {
        let patch = PatchOperation(.replace, AttributePath("title"), value: .string(title))
        let changed = try await endpoint.update(made.id, of: users, .patch([patch]), version: nil)
        #expect(changed?["title"] == .string(title))
        #expect(changed?.externalId == "E-1")
      }
    }
    // Asked once, known from then on.
    #expect(faults.requests(.patch).count == 1)
    #expect(faults.requests(.put).count == 2)
  }

  @Test func updatesAreOneRequestEach() async throws {
    let faults = FaultPlan()
    try await SCIM1TestServer.use(.wso2, faults: faults) { [users] endpoint in
      let made = try await endpoint.create(Fixtures.user("a"), as: users)
      let patch = PatchOperation(.replace, AttributePath("title"), value: "Chief")
      #expect(
        try await endpoint.update(made.id, of: users, .patch([patch]), version: made.version)?["title"] == "Chief")
    }
    let first = try #require(faults.requests.first)
    #expect(first == "POST \(Self.collection)")
    #expect(faults.requests.dropFirst().map { $0.prefix(6) } == ["PATCH "])
  }

  // MARK: Failures

  @Test func whatPassesIsSurvived() async throws {
    let faults = FaultPlan()
    let clock = ManualClock()
    try await SCIM1TestServer.use(.wso2, faults: faults, clock: clock) { [users] endpoint in
      faults.queue(
        .get, .refuse(503), .drop, .refuse(500, body: "<html>oops"), .refuse(429, headers: ["Retry-After": "17"]))
      let page = try await endpoint.page(of: users, at: nil)
      #expect(page.totalResults == 0)
    }
    #expect(clock.sleeps.contains(.seconds(17)))
  }

  @Test(arguments: [FaultPlan.Fault.obeyThenDrop, .obeyThenAnswer(500), .obeyThenAnswer(201)])
  func aCreateThatWasCarriedOutIsFoundNotRepeated(_ fault: FaultPlan.Fault) async throws {
    let faults = FaultPlan()
    faults.queue(.post, fault)
    try await SCIM1TestServer.use(.wso2, faults: faults) { [users] endpoint in
      let made = try await endpoint.create(Fixtures.user("Mia", externalId: "E-7"), as: users)
      #expect(made.userName == "Mia")
      #expect(!made.id.isEmpty)
    }
    #expect(faults.requests(.post).count == 1)
  }

  @Test func errorsAreReadAndKeepSecrets() async throws {
    let faults = FaultPlan()
    let echo = #"{"Errors":[{"description":"password hunter22 is too short","code":"400"}]}"#
    try await SCIM1TestServer.use(.wso2, faults: faults) { [users] endpoint in
      var user = Fixtures.user("a")
      user["password"] = "hunter22"
      faults.queue(.post, .refuse(400, body: echo))
      let error = await failure { _ = try await endpoint.create(user, as: users) }
      #expect(error == EndpointError(.rejected, status: 400, "400: password ••• is too short"))
      let patch = PatchOperation(.replace, AttributePath("password"), value: "hunter22")
      faults.queue(.patch, .refuse(400, body: echo))
      let second = await failure { _ = try await endpoint.update("x", of: users, .patch([patch]), version: nil) }
      #expect(second == error)
      for body in ["<html><body>Please sign in</body></html>", "{\"Resources\": [", "[]"] {
        faults.queue(.get, .refuse(200, body: body))
        let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
        #expect(error?.kind == .malformed)
      }
    }
  }

  @Test func addressesThatCannotBeUsed() async {
    let connection = ConnectionConfiguration(userAgent: "x")
    for address in ["ftp://h", "https://a:b@h/Users", "http://far.example/Users"] {
      let error = await failure {
        _ = try SCIM1Endpoint(SCIM1Configuration(name: "x", userEndpoint: address, connection: connection))
      }
      #expect(error?.kind == .misconfigured)
    }
  }
}
