/// One resource's place in another: a user in a group, a group in a role.
package struct Membership: Hashable, Sendable {
  /// The id of the group or role.
  package var container: String
  /// The attribute of the container that lists the member: `members`, `users`, `groups`.
  package var attribute: String
  /// The id of the user or group.
  package var member: String

  package init(container: String, attribute: String, member: String) {
    self.container = container
    self.attribute = attribute
    self.member = member
  }
}

/// What a reference to a resource shows of it.
package struct ResourceSummary: Hashable, Sendable {
  package var type: String
  package var id: String
  package var label: String

  package init(type: String, id: String, label: String) {
    self.type = type
    self.id = id
    self.label = label
  }
}

/// Who came to a group or role and who left it.
package struct MembershipChange: Hashable, Sendable {
  package var added: [Membership]
  package var removed: [Membership]

  package init(added: [Membership] = [], removed: [Membership] = []) {
    self.added = added
    self.removed = removed
  }

  package var isEmpty: Bool { added.isEmpty && removed.isEmpty }
}

/// What becomes of members to be added that do not exist. Whoever says that a group is exactly this is told of a member
/// that cannot be in it, whatever is said here.
package enum UnknownMembers: Sendable {
  /// The write is refused.
  case refused
  /// They are left out, as they would be had they been deleted a moment later. The resource that is returned shows it.
  case ignored
}
