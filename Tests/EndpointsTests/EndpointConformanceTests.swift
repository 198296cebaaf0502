import JSON
import LocalDirectory
import Testing

@testable import Endpoints

@Suite struct EndpointConformanceTests {
  @Test func embeddedDirectory() async throws {
    try await EndpointConformance.check(DirectoryEndpoint(name: "local", directory: .forTests()))
  }

  @Test func scim2OverHTTP() async throws {
    try await SCIMTestServer.run { url in
      try await SCIM2Endpoint.use(url) { try await EndpointConformance.check($0) }
    }
  }

  @Test func scim2WithoutEntityTagsAndPatchBodies() async throws {
    var manners = SCIMTestServer.Manners(answersPatchWithBody: false)
    manners.configuration?["etag"] = ["supported": false]
    try await SCIMTestServer.run(manners) { url in
      try await SCIM2Endpoint.use(url) { try await EndpointConformance.check($0) }
    }
  }

  @Test func scim1AsSpecified() async throws {
    try await SCIM1TestServer.use(.specification) { try await EndpointConformance.check($0) }
  }

  @Test func scim1AsWSO2HasIt() async throws {
    try await SCIM1TestServer.use(.wso2) { try await EndpointConformance.check($0) }
  }

  @Test func scim1WithoutPatch() async throws {
    try await SCIM1TestServer.use(.init(patches: false)) { try await EndpointConformance.check($0) }
  }

  @Test func directoryIsReadPageByPage() async throws {
    let directory = Directory.forTests()
    try await Fixtures.fill(directory, users: 5)
    let endpoint = DirectoryEndpoint(name: "local", directory: directory, pageSize: 2)
    let pages = try await Fixtures.walk(endpoint, try Fixtures.type("User"))
    #expect(pages.map(\.resources.count) == [2, 2, 1])
    #expect(pages.allSatisfy { $0.totalResults == 5 })
  }

  @Test func faultsComeWhenAskedFor() async throws {
    let lost = EndpointError(.interrupted, "lost")
    let endpoint = FaultyEndpoint(
      DirectoryEndpoint(name: "local", directory: .forTests()), .init(.create, on: 1...1, .after, lost))
    let users = try Fixtures.type("User")
    #expect(await failure { _ = try await endpoint.create(Fixtures.user("a"), as: users) } == lost)
    #expect(try await endpoint.find(users, where: "userName", equals: "a").count == 1)
    #expect(endpoint.calls == [.create, .find])
  }
}
