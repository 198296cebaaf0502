import JSON
import LocalDirectory
import SCIM

/// Keeps accounts as an identity provider says, as far as its policy goes.
struct AccountSync: Sendable {
  let directory: Directory
  let provider: FederatedProvider
  let author: Author

  /// Brings attributes, roles and groups up to date. What is so already is not written, and nobody waits for it.
  func update(_ user: Resource, _ claims: JSONObject) async throws {
    try await updateAttributes(user, claims)
    try await updatePlaces(user.id, claims)
  }

  /// The roles and groups that the claims give. Names that nothing here has give nothing.
  func places(_ claims: JSONObject) async throws -> [Placement] {
    var places: [Placement] = []
    for name in provider.roles.names(claims) {
      if let place = try await directory.place(named: name) { places.append(place) }
    }
    return places
  }

  private func updateAttributes(_ user: Resource, _ claims: JSONObject) async throws {
    guard provider.policy.attributeSync != .none, let type = directory.catalog.resourceType("User") else { return }
    let operations = try provider.claims.changes(
      of: user, claims, removing: provider.policy.attributeSync == .overrideAll)
    guard !operations.isEmpty else { return }
    _ = try await directory.patch(
      type: type, id: user.id, operations: operations, by: author, projection: .identity)
  }

  private func updatePlaces(_ id: String, _ claims: JSONObject) async throws {
    guard provider.policy.roleSync != .none, provider.roles.claim != nil,
      let type = directory.catalog.resourceType("User")
    else { return }
    let given = try await places(claims)
    let current = try await directory.containers(of: [id]).compactMap { container in
      directory.catalog.resourceType(container.type).map { Placement(type: $0, id: container.id) }
    }
    let left = provider.policy.roleSync == .override ? current.filter { !given.contains($0) } : []
    let entered = given.filter { !current.contains($0) }
    guard !left.isEmpty || !entered.isEmpty else { return }
    try await directory.move(id, of: type, outOf: left, into: entered, by: author)
  }
}
