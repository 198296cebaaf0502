import Foundation

/// What is known of the findings that concern one channel and what was told of them, kept for all controllers, from pass to
/// pass and from start to start.
package struct NotificationMemory: Hashable, Sendable {
  /// What stays of a finding from look to look.
  struct Key: Hashable, Sendable {
    var place: PassFindings.Place
    var event: NotificationDeclaration.Event
    var subject: String
  }

  struct Known: Hashable, Sendable {
    /// As it was when it was told, or last seen before that: the words may differ from controller to controller.
    var finding: PassFindings.Finding
    var since: Date
    var toldAt: Date?
    /// When a controller began to tell it; nil while none does.
    var claimedAt: Date?
    var isOver = false
    /// Who has seen it, where each controller looks at something of its own, and when last.
    var witnesses: [String: Date] = [:]
  }

  var known: [Key: Known] = [:]
  /// When messages went out that still count against the rate.
  var sent: [Date] = []

  package init() {}

  /// Takes in what was told while the memory that all share was out of reach.
  package mutating func add(_ apart: NotificationMemory) {
    for (key, theirs) in apart.known where (known[key]?.toldAt ?? .distantPast) <= (theirs.toldAt ?? .distantPast) {
      known[key] = theirs
    }
    sent = Set(sent).union(apart.sent).sorted()
  }
}
