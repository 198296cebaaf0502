import HTTPTypes
import JSON
import LocalDirectory
import SCIM
import Testing

@testable import Endpoints

@Suite struct SCIM2ListingTests {
  private let users: ResourceType

  init() throws { users = try Fixtures.type("User") }

  /// Walks a server with this many users and answers the pages and the listing requests.
  private func walk(
    _ manners: SCIMTestServer.Manners, users count: Int,
    configure: @escaping @Sendable (inout SCIM2Configuration) -> Void = { _ in }
  ) async throws -> (pages: [ResourcePage], requests: [String]) {
    let directory = Directory.forTests()
    try await Fixtures.fill(directory, users: count)
    let faults = FaultPlan()
    let result = AsyncStream<[ResourcePage]>.makeStream()
    try await SCIMTestServer.run(manners, faults: faults, directory: directory) { [users] url in
      try await SCIM2Endpoint.use(url, configure: configure) { endpoint in
        result.continuation.yield(try await Fixtures.walk(endpoint, users))
      }
    }
    let pages = try #require(await result.stream.first { _ in true })
    #expect(Set(pages.flatMap(\.resources).map(\.id)).count == count)
    return (pages, faults.requests.filter { $0.hasPrefix("GET /Users") })
  }

  @Test func aServerMayBringFewerThanWeAskFor() async throws {
    let (pages, requests) = try await walk(.init(pageCap: 3), users: 7)
    #expect(pages.map(\.resources.count) == [3, 3, 1])
    #expect(pages.allSatisfy { $0.totalResults == 7 })
    #expect(requests == [1, 4, 7].map { "GET /Users?startIndex=\($0)&count=500" })
  }

  @Test func theLastFullPageNeedsNoEmptyOne() async throws {
    #expect(try await walk(.init(pageCap: 3), users: 6).requests.count == 2)
  }

  @Test func withoutTotalsAnEmptyPageEndsTheWalk() async throws {
    let (pages, _) = try await walk(.init(pageCap: 3, omitsTotals: true), users: 6)
    #expect(pages.map(\.resources.count) == [3, 3, 0])
    #expect(pages.allSatisfy { $0.totalResults == nil })
  }

  @Test func aRefusedCountIsHalvedAndRemembered() async throws {
    let (_, requests) = try await walk(.init(maxCount: 130), users: 200)
    #expect(
      requests == [
        "GET /Users?startIndex=1&count=500", "GET /Users?startIndex=1&count=250", "GET /Users?startIndex=1&count=125",
        "GET /Users?startIndex=126&count=125",
      ])
  }

  @Test func aRefusalThatIsNotAboutTheCountStands() async throws {
    try await SCIMTestServer.run(.init(maxCount: 0)) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        #expect(await failure { _ = try await endpoint.page(of: users, at: nil) }?.kind == .rejected)
      }
    }
  }

  @Test func cursorsAreFollowedWhereNothingElseIsOffered() async throws {
    var manners = SCIMTestServer.Manners(pageCap: 2, omitsTotals: true, pagesByCursor: true)
    manners.configuration?["pagination"] = ["cursor": true, "index": false, "maxPageSize": 50]
    let (pages, requests) = try await walk(manners, users: 5)
    #expect(pages.map(\.resources.count) == [2, 2, 1])
    #expect(requests == ["", "3", "5"].map { "GET /Users?cursor=\($0)&count=50" })
  }

  @Test func attributesAreLeftOutOnlyWhenAskedFor() async throws {
    let (_, requests) = try await walk(.init(), users: 1) { $0.excludedAttributes = ["members", "groups"] }
    #expect(requests == ["GET /Users?startIndex=1&count=500&excludedAttributes=members%2Cgroups"])
  }

  @Test func aServerThatIgnoresFiltersFindsNothingWrong() async throws {
    let faults = FaultPlan()
    let everybody = #"{"totalResults":2,"Resources":[{"id":"1","userName":"A"},{"id":"2","userName":"b"}]}"#
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        _ = try await endpoint.capabilities()
        faults.queue(.get, .refuse(200, body: everybody))
        #expect(try await endpoint.find(users, where: "userName", equals: "a").map(\.id) == ["1"])
        faults.queue(.get, .refuse(404, body: #"{"detail":"no such user"}"#))
        #expect(try await endpoint.find(users, where: "userName", equals: "a").isEmpty)
      }
    }
  }
}
