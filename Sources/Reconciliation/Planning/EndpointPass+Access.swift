import Foundation
import JSON
import SCIM

/// Who gains and who loses what, read off the changes themselves: whatever way a membership comes into a plan, the
/// reader of the plan and the policies see it.
extension EndpointPass {
  /// - Parameter ends: when the memberships that come or go end, or have ended, by member.
  mutating func noteAccess(_ change: Change, to live: Resource?, as rules: TypeRules, ends: [String: Date]) {
    guard !rules.membershipAttributes.isEmpty else { return }
    let group = change.ledgerEntry?.applied["displayName"]?.string ?? live?.name ?? change.key.name
    func note(_ members: [String], gains: Bool) {
      plan.accessChanges += members.map { member in
        AccessChange(
          member: member, group: group, groupKey: change.key, gains: gains, endpoint: plan.endpoint, until: ends[member]
        )
      }
    }
    if change.action == .delete {
      // With a group or role goes what its members had through it.
      return note((live?.memberIDs(rules) ?? []).map(references.name), gains: false)
    }
    for attribute in change.attributes where rules.membershipAttributes.contains(attribute.path) {
      note(attribute.after.names, gains: true)
      note(attribute.before.names, gains: false)
    }
  }
}
