import SCIM

/// A part of what a group or role lists itself.
package struct MemberPage: Hashable, Sendable {
  /// By label.
  package var members: [ResourceSummary]
  /// How many there are that match.
  package var total: Int
}

extension Directory {
  /// A page of what a group or role lists itself, by label.
  /// - Parameters:
  ///   - text: what the label must hold, in any case; nil takes them all.
  ///   - offset: counted from 0.
  /// - Throws: `SCIMError` 404 when there is no such resource.
  package func members(
    of type: ResourceType, id: String, matching text: String? = nil, offset: Int = 0, limit: Int
  ) async throws -> MemberPage {
    let typeRules = try rules(for: type)
    let wanted = text?.lowercased()
    return try await store.walk { reader in
      _ = try reader.existing(type, id)
      var found: [(label: String, member: ResourceSummary)] = []
      for attribute in typeRules.memberAttributes {
        for member in try reader.members(of: id, in: attribute) {
          let label = member.label.lowercased()
          if wanted.map(label.contains) ?? true { found.append((label, member)) }
        }
      }
      found.sort { ($0.label, $0.member.id) < ($1.label, $1.member.id) }
      return MemberPage(members: found.dropFirst(offset).prefix(limit).map(\.member), total: found.count)
    }
  }

  /// Which of these resources a group or role lists itself.
  package func members(among ids: [String], of type: ResourceType, id: String) async throws -> Set<String> {
    let typeRules = try rules(for: type)
    return try await store.read { reader in
      try typeRules.memberAttributes.reduce(into: []) { found, attribute in
        found.formUnion(try reader.members(among: ids, of: id, in: attribute))
      }
    }
  }
}
