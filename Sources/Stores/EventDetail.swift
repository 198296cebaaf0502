import JSON
import LocalDirectory

/// The part of a `DirectoryEvent` that is kept as JSON: nobody asks for events by it.
enum EventDetail {
  static func encoded(_ event: DirectoryEvent) -> JSONObject {
    var detail = JSONObject()
    switch event.attributes {
    case .difference(let difference):
      if !difference.before.isEmpty { detail["was"] = .object(difference.before) }
      if !difference.after.isEmpty { detail["is"] = .object(difference.after) }
    case .whole(let before, let after):
      detail["before"] = before.map(JSONValue.object)
      detail["after"] = after.map(JSONValue.object)
    }
    detail["added"] = encoded(event.membership.added)
    detail["removed"] = encoded(event.membership.removed)
    if event.changesPassword { detail["password"] = true }
    return detail
  }

  static func attributes(_ detail: JSONValue) -> AttributeRecord {
    let (before, after) = (detail["before"]?.object, detail["after"]?.object)
    guard before == nil, after == nil else { return .whole(before: before, after: after) }
    return .difference(
      AttributeDifference(before: detail["was"]?.object ?? [:], after: detail["is"]?.object ?? [:]))
  }

  static func membership(_ detail: JSONValue) -> MembershipChange {
    MembershipChange(added: decoded(detail["added"]), removed: decoded(detail["removed"]))
  }

  static func changesPassword(_ detail: JSONValue) -> Bool { detail["password"]?.bool ?? false }

  /// The memberships of one list as `[container, attribute, member, member, …]`, list by list; nil for none.
  private static func encoded(_ memberships: [Membership]) -> JSONValue? {
    var lists: [JSONValue] = []
    var rest = memberships[...]
    while let first = rest.first {
      let list = rest.prefix { $0.container == first.container && $0.attribute == first.attribute }
      lists.append(.array(([first.container, first.attribute] + list.map(\.member)).map(JSONValue.string)))
      rest = rest.dropFirst(list.count)
    }
    return lists.isEmpty ? nil : .array(lists)
  }

  private static func decoded(_ value: JSONValue?) -> [Membership] {
    (value?.array ?? []).flatMap { list -> [Membership] in
      let parts = (list.array ?? []).compactMap(\.string)
      return parts.dropFirst(2).map { Membership(container: parts[0], attribute: parts[1], member: $0) }
    }
  }
}
