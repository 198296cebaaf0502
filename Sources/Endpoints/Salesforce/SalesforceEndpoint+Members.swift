import JSON
import NIOHTTP1
import SCIM

extension SalesforceEndpoint {
  /// Those with their members, all of them or those that a condition chooses.
  func resources(
    of membership: Membership, where condition: SOQL.Condition? = nil
  ) async throws(EndpointError) -> [Resource] {
    let conditions = membership.conditions + (condition.map { [$0] } ?? [])
    let owners = try await all(SOQL(["Id", membership.nameField], from: membership.object, where: conditions))
    guard !owners.isEmpty else { return [] }
    let one: [SOQL.Condition] = owners.count == 1 ? [.equals(membership.ownerField, owners[0].id)] : []
    let rows = try await self.rows(of: membership, where: one)
    let members = Dictionary(grouping: rows) { $0[membership.ownerField]?.string ?? "" }
    return owners.map { owner in
      let ids = (members[owner.id] ?? []).compactMap { $0[membership.memberField]?.string }
      return membership.resource(owner, members: ids)
    }
  }

  private func rows(
    of membership: Membership, where conditions: [SOQL.Condition]
  ) async throws(EndpointError) -> [JSONObject] {
    try await all(
      SOQL(["Id", membership.ownerField, membership.memberField], from: membership.row, where: conditions))
  }

  // MARK: Changes

  func update(_ id: String, _ membership: Membership, _ update: ResourceUpdate) async throws(EndpointError) {
    switch update {
    case .replace(let attributes):
      try await rename(id, membership, attributes["displayName"])
      try await setMembers(membership.members(attributes[membership.attribute]), of: id, membership)
    case .patch(let operations):
      let changes = try MembershipChanges(operations, of: membership)
      if let name = changes.displayName { try await rename(id, membership, name) }
      if let all = changes.all { try await setMembers(all, of: id, membership) }
      // Who comes before who goes, so that nobody loses access for a moment.
      try await add(changes.added, to: id, membership)
      try await remove(changes.removed, from: id, membership)
    }
  }

  private func rename(_ id: String, _ membership: Membership, _ name: JSONValue?) async throws(EndpointError) {
    guard let name = name?.string, !name.isEmpty else {
      throw EndpointError(.rejected, "a \(membership.name) needs a displayName")
    }
    let body: JSONObject = [membership.nameField: .string(name)]
    _ = try await connection.send(EndpointRequest(.PATCH, try record(membership.object, id), body: body))
  }

  private func setMembers(
    _ members: [String], of id: String, _ membership: Membership
  ) async throws(EndpointError) {
    let rows = try await self.rows(of: membership, where: [.equals(membership.ownerField, id)])
    let wanted = Set(members)
    let present = Set(rows.compactMap { $0[membership.memberField]?.string })
    try await add(members.filter { !present.contains($0) }, to: id, membership)
    let leaving = rows.filter { !wanted.contains($0[membership.memberField]?.string ?? "") }
    try await deleteRecords(of: membership.row, leaving.map(\.id))
  }

  func add(_ members: [String], to id: String, _ membership: Membership) async throws(EndpointError) {
    let records = members.map { member -> JSONObject in
      [membership.ownerField: .string(id), membership.memberField: .string(member)]
    }
    try await createRecords(of: membership.row, records)
  }

  /// The rows are what can be deleted, so they are looked up first.
  private func remove(_ members: [String], from id: String, _ membership: Membership) async throws(EndpointError) {
    guard !members.isEmpty else { return }
    var conditions: [SOQL.Condition] = [.equals(membership.ownerField, id)]
    if members.count == 1 { conditions.append(.equals(membership.memberField, members[0])) }
    let leaving = Set(members)
    let rows = try await self.rows(of: membership, where: conditions)
      .filter { leaving.contains($0[membership.memberField]?.string ?? "") }
    try await deleteRecords(of: membership.row, rows.map(\.id))
  }
}

extension JSONObject {
  fileprivate var id: String { self["Id"]?.string ?? "" }
}
