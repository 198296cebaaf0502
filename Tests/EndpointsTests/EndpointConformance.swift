import JSON
import SCIM
import Testing

@testable import Endpoints

/// What every driver promises, tried on an endpoint that is empty.
struct EndpointConformance {
  let endpoint: any Endpoint
  let users: ResourceType
  let groups: ResourceType
  /// An attribute of users that is written and cleared: not every endpoint knows a displayName.
  let label: AttributePath
  let isUndeletable: Bool

  static func check(_ endpoint: any Endpoint) async throws {
    let catalog = try await endpoint.capabilities().catalog
    let users = try #require(catalog.resourceType("User"))
    let displayName = AttributePath("displayName")
    let kit = EndpointConformance(
      endpoint: endpoint, users: users, groups: try #require(catalog.resourceType("Group")),
      label: displayName.resolve(in: users, catalog: catalog) == nil
        ? AttributePath("name", sub: "givenName") : displayName,
      isUndeletable: try await endpoint.capabilities().undeletableTypes.contains("User"))
    try await kit.checkEmptyListing()
    try await kit.checkCreateAndFind()
    try await kit.checkUpdate()
    try await kit.checkMembers()
    try await kit.checkRefusals()
    try await kit.checkDelete()
  }

  private func checkEmptyListing() async throws {
    let page = try await endpoint.page(of: users, at: nil)
    #expect(page.resources.isEmpty)
    #expect(page.totalResults == 0)
    #expect(page.next == nil)
  }

  private func checkCreateAndFind() async throws {
    let hard = #"o"br\ien +%&=ø"#
    let made = try await endpoint.create(Fixtures.user(hard, externalId: "E-1"), as: users)
    #expect(!made.id.isEmpty)
    #expect(made.userName == hard)
    #expect(try await endpoint.find(users, where: "userName", equals: hard).map(\.id) == [made.id])
    #expect(try await endpoint.find(users, where: "externalId", equals: "E-1").map(\.id) == [made.id])
    #expect(try await endpoint.find(users, where: "userName", equals: "nobody").isEmpty)
    #expect(try await endpoint.resource(made.id, of: users)?.userName == hard)
    #expect(try await endpoint.resource("nobody", of: users) == nil)
    #expect(try await endpoint.resource("no/body at all", of: users) == nil)
    #expect(try await all(users).map(\.id) == [made.id])
  }

  private func checkUpdate() async throws {
    let made = try await endpoint.create(Fixtures.user("changing"), as: users)
    let patch = PatchOperation(.replace, label, value: "Changed")
    _ = try await endpoint.update(made.id, of: users, .patch([patch]), version: made.version)
    #expect(label.values(in: try await one(users, "changing").attributes) == ["Changed"])
    var whole = Fixtures.user("changing")
    whole["title"] = "Head"
    _ = try await endpoint.update(made.id, of: users, .replace(whole), version: nil)
    let replaced = try await one(users, "changing")
    #expect(replaced["title"] == "Head")
    #expect(label.values(in: replaced.attributes).isEmpty)
  }

  private func checkMembers() async throws {
    let first = try await endpoint.create(Fixtures.user("first"), as: users).id
    let second = try await endpoint.create(Fixtures.user("second"), as: users).id
    let group = try await endpoint.create(Fixtures.group("crew", members: [first]), as: groups).id
    let add = PatchOperation(.add, AttributePath("members"), value: [["value": .string(second)]])
    // Twice is once: a retry after a lost answer does no harm.
    for _ in 1...2 { _ = try await endpoint.update(group, of: groups, .patch([add]), version: nil) }
    #expect(try await members(of: "crew") == [first, second])
    let isFirst = Filter.compare(AttributePath("value"), .equal, .string(first))
    let remove = PatchOperation(.remove, AttributePath("members", valueFilter: isFirst))
    _ = try await endpoint.update(group, of: groups, .patch([remove]), version: nil)
    #expect(try await members(of: "crew") == [second])
  }

  private func checkRefusals() async throws {
    let twin = await failure { _ = try await endpoint.create(Fixtures.user("first"), as: users) }
    #expect(twin?.kind == .conflict)
    let patch = PatchOperation(.replace, label, value: "X")
    let missing = await failure {
      _ = try await endpoint.update("nowhere/at all", of: users, .patch([patch]), version: nil)
    }
    #expect(missing?.kind == .notFound)
    guard try await endpoint.capabilities().supportsEntityTags else { return }
    let made = try await one(users, "first")
    _ = try await endpoint.update(made.id, of: users, .patch([patch]), version: made.version)
    let stale = await failure {
      _ = try await endpoint.update(made.id, of: users, .patch([patch]), version: made.version)
    }
    #expect(stale?.kind == .stale)
    let staleDelete = await failure { try await endpoint.delete(made.id, of: users, version: made.version) }
    #expect(staleDelete?.kind == .stale)
  }

  private func checkDelete() async throws {
    let second = try await one(users, "second")
    guard !isUndeletable else { return try await checkDeactivation(second) }
    try await endpoint.delete(second.id, of: users, version: second.version)
    // Gone already is as good as gone.
    try await endpoint.delete(second.id, of: users, version: nil)
    #expect(try await endpoint.find(users, where: "userName", equals: "second").isEmpty)
    #expect(try await members(of: "crew").isEmpty)
  }

  /// Who cannot be deleted stays, inactive, and comes back the same.
  private func checkDeactivation(_ user: Resource) async throws {
    let refusal = await failure { try await endpoint.delete(user.id, of: users, version: nil) }
    #expect(refusal?.kind == .rejected)
    for isActive in [false, true] {
      let patch = PatchOperation(.replace, AttributePath("active"), value: .bool(isActive))
      _ = try await endpoint.update(user.id, of: users, .patch([patch]), version: nil)
      let found = try await one(users, "second")
      #expect(found.id == user.id)
      #expect(found["active"] == .bool(isActive))
    }
  }

  private func all(_ type: ResourceType) async throws -> [Resource] {
    try await Fixtures.walk(endpoint, type).flatMap(\.resources)
  }

  private func one(_ type: ResourceType, _ userName: String) async throws -> Resource {
    try #require(try await endpoint.find(type, where: "userName", equals: userName).first)
  }

  private func members(of group: String) async throws -> Set<String> {
    let found = try await all(groups).first { $0.displayName == group }
    return Set((found?["members"]?.array ?? []).compactMap { $0["value"]?.string })
  }
}
