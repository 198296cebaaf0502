import JSON
import SCIM

/// What a PATCH does to something that has members.
struct MembershipChanges: Hashable, Sendable {
  private(set) var displayName: JSONValue?
  /// All members that there are to be; nil when the operations name those who come and go.
  private(set) var all: [String]?
  private(set) var added: [String] = []
  private(set) var removed: [String] = []

  /// - Throws: `rejected` for what there is no field for.
  init(_ operations: [PatchOperation], of membership: Membership) throws(EndpointError) {
    for operation in operations { try take(operation, membership) }
  }

  private mutating func take(_ operation: PatchOperation, _ membership: Membership) throws(EndpointError) {
    guard let path = operation.path else {
      for member in operation.value?.object?.members ?? [] {
        try take(PatchOperation(operation.verb, AttributePath(member.key), value: member.value), membership)
      }
      return
    }
    switch path.attribute.lowercased() {
    case "displayname": displayName = operation.value ?? .null
    case membership.attribute: try takeMembers(operation, path, membership)
    case "schemas": break
    default: throw EndpointError(.rejected, "a \(membership.name) of Salesforce has no attribute \(path)")
    }
  }

  private mutating func takeMembers(
    _ operation: PatchOperation, _ path: AttributePath, _ membership: Membership
  ) throws(EndpointError) {
    switch (operation.verb, path.valueFilter) {
    case (.remove, .compare(let part, .equal, .string(let id))?) where part.attribute.lowercased() == "value":
      leave([id])
    case (.remove, nil) where operation.value != nil: leave(membership.members(operation.value))
    case (.remove, nil): replace([])
    case (.replace, nil): replace(membership.members(operation.value))
    case (.add, nil): join(membership.members(operation.value))
    default: throw EndpointError(.rejected, "members of Salesforce cannot be chosen by \(path)")
    }
  }

  private mutating func join(_ ids: [String]) {
    if let all { self.all = all + ids.filter { !all.contains($0) } } else { added += ids }
    removed.removeAll { ids.contains($0) }
  }

  private mutating func leave(_ ids: [String]) {
    if let all { self.all = all.filter { !ids.contains($0) } } else { removed += ids }
    added.removeAll { ids.contains($0) }
  }

  private mutating func replace(_ ids: [String]) {
    (all, added, removed) = (ids, [], [])
  }
}
