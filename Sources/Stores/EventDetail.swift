import JSON
import LocalDirectory

/// The part of a `DirectoryEvent` that is kept as JSON: nobody asks for events by it.
enum EventDetail {
  static func encoded(_ event: DirectoryEvent) -> JSONObject {
    var detail = JSONObject()
    detail["before"] = event.before.map(JSONValue.object)
    detail["after"] = event.after.map(JSONValue.object)
    detail["added"] = encoded(event.membership.added)
    detail["removed"] = encoded(event.membership.removed)
    if event.changesPassword { detail["password"] = true }
    return detail
  }

  /// Puts the detail into an event that holds the rest.
  static func decode(_ detail: JSONValue, into event: inout DirectoryEvent) {
    event.before = detail["before"]?.object
    event.after = detail["after"]?.object
    event.membership = MembershipChange(added: decoded(detail["added"]), removed: decoded(detail["removed"]))
    event.changesPassword = detail["password"]?.bool ?? false
  }

  /// Each membership as `[container, attribute, member]`; nil for none.
  private static func encoded(_ memberships: [Membership]) -> JSONValue? {
    guard !memberships.isEmpty else { return nil }
    return .array(memberships.map { .array([.string($0.container), .string($0.attribute), .string($0.member)]) })
  }

  private static func decoded(_ value: JSONValue?) -> [Membership] {
    (value?.array ?? []).compactMap { element in
      let parts = (element.array ?? []).compactMap(\.string)
      guard parts.count == 3 else { return nil }
      return Membership(container: parts[0], attribute: parts[1], member: parts[2])
    }
  }
}
