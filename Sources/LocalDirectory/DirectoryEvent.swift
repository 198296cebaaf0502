import Foundation

/// One change of the directory, written in the transaction that made it: the outbox of provisioning, and with
/// ``ResourceHistory`` the audit trail.
package struct DirectoryEvent: Hashable, Sendable {
  package enum Action: String, Sendable, CaseIterable { case create, update, delete }

  /// Given by the store, ascending; 0 before that.
  package var sequence: Int
  package var time: Date
  /// Who asked for it.
  package var author: Author
  package var action: Action
  package var resourceType: String
  package var id: String
  /// What it keeps of the attributes, without secrets and members.
  package var attributes: AttributeRecord
  /// Who came to this group or role, and who left it.
  package var membership: MembershipChange
  /// Whether a password was set or cleared.
  package var changesPassword: Bool

  package init(
    sequence: Int = 0, time: Date, author: Author, action: Action, resourceType: String, id: String,
    attributes: AttributeRecord = .created, membership: MembershipChange = MembershipChange(),
    changesPassword: Bool = false
  ) {
    self.sequence = sequence
    self.time = time
    self.author = author
    self.action = action
    self.resourceType = resourceType
    self.id = id
    self.attributes = attributes
    self.membership = membership
    self.changesPassword = changesPassword
  }
}
