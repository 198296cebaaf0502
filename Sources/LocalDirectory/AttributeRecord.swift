import JSON

/// What an event keeps of the attributes of its resource. What the resource was before and after every event follows from
/// the resource as it is and from the later events: see ``ResourceHistory``.
package enum AttributeRecord: Hashable, Sendable {
  /// Of a create: nothing, for the resource itself tells. Of an update: what it changed.
  case difference(AttributeDifference)
  /// All attributes, nil where there was no resource. Of a delete, for nothing else has them any more; of an update now and
  /// then, so that no history is long to follow; of every write of early releases.
  case whole(before: JSONObject?, after: JSONObject?)

  /// Of so many updates of a resource one is kept whole.
  package static let wholeInterval = 32

  package static let created = AttributeRecord.difference(AttributeDifference())

  /// - Parameter version: of the resource after the update.
  static func updated(from before: JSONObject, to after: JSONObject, version: Int) -> AttributeRecord {
    version.isMultiple(of: wholeInterval)
      ? .whole(before: before, after: after) : .difference(AttributeDifference(from: before, to: after))
  }

  static func deleted(_ attributes: JSONObject) -> AttributeRecord { .whole(before: attributes, after: nil) }
}

/// The attributes that a write changed: those that were there before, as they were, and those that are there after it, as
/// they became.
package struct AttributeDifference: Hashable, Sendable {
  package var before: JSONObject
  package var after: JSONObject

  package init(before: JSONObject = [:], after: JSONObject = [:]) {
    self.before = before
    self.after = after
  }

  init(from old: JSONObject, to new: JSONObject) {
    before = JSONObject(uniqueMembers: old.members.filter { new[$0.key] != $0.value })
    after = JSONObject(uniqueMembers: new.members.filter { old[$0.key] != $0.value })
  }

  /// What the attributes were before the write that made them what they are.
  func undone(in attributes: JSONObject) -> JSONObject {
    var result = JSONObject(uniqueMembers: attributes.members.filter { after[$0.key] == nil || before[$0.key] != nil })
    for member in before { result[member.key] = member.value }
    return result
  }
}
