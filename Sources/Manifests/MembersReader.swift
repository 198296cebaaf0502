import Foundation
import JSON
import Reconciliation

/// The members of a group or role as its document has them: names not yet looked up, selectors not yet resolved.
struct MembersDraft {
  struct Entry {
    var reference: DesiredMembers.Reference
    var mark: YAMLMark
  }

  var mode = DesiredMembers.Mode.exact
  /// Sorted by key; every key once.
  var entries: [Entry] = []
  var selector: [String: String] = [:]
  var allowsEmpty = false
  /// Whether nobody is named; entries that were refused count as somebody.
  var isEmpty = true
  var mark: YAMLMark
}

/// Reads `members`, in every form.
struct MembersReader {
  let scope: FileScope

  func read(_ node: YAMLNode) -> MembersDraft? {
    var draft = MembersDraft(mark: node.mark)
    if let items = node.items {
      draft.entries = entries(items)
      draft.isEmpty = items.isEmpty
      return draft
    }
    guard !node.isNull else { return draft }
    guard var fields = Fields(node, scope, what: "`members`") else { return nil }
    draft.mode = fields.choice("mode", DesiredMembers.Mode.self) ?? draft.mode
    let items = fields.items("refs") ?? []
    draft.entries = entries(items)
    draft.isEmpty = items.isEmpty
    draft.selector = fields.take("selector").map(scope.selector) ?? [:]
    draft.allowsEmpty = fields.bool("allowEmpty") ?? false
    fields.finish("`members`")
    return draft
  }

  private func entries(_ nodes: [YAMLNode]) -> [MembersDraft.Entry] {
    var entries: [MembersDraft.Entry] = []
    entries.reserveCapacity(nodes.count)
    var isSorted = true
    for node in nodes {
      guard let reference = reference(node) else { continue }
      if isSorted, let last = entries.last { isSorted = last.reference.key < reference.key }
      entries.append(MembersDraft.Entry(reference: reference, mark: node.mark))
    }
    return isSorted ? entries : sorted(entries)
  }

  /// Lists are mostly written in order; only the others pay for sorting and for the search for duplicates.
  private func sorted(_ entries: [MembersDraft.Entry]) -> [MembersDraft.Entry] {
    var unique: [MembersDraft.Entry] = []
    unique.reserveCapacity(entries.count)
    let inOrder = entries.sorted {
      ($0.reference.key, $0.mark.line, $0.mark.column) < ($1.reference.key, $1.mark.line, $1.mark.column)
    }
    for entry in inOrder {
      guard let last = unique.last, last.reference.key == entry.reference.key else {
        unique.append(entry)
        continue
      }
      scope.report(
        .duplicateReference, "\(entry.reference.key) stands twice in this list", at: entry.mark,
        hint: "remove one of the two", notes: [.init("the first is here", at: scope.location(last.mark))])
    }
    return unique
  }

  /// `alice`, `{user: alice}` or `{group: admins, from: …, until: …}`.
  private func reference(_ node: YAMLNode) -> DesiredMembers.Reference? {
    if case .scalar(let name, _) = node.content, !node.isNull { return .init(ResourceKey("User", name)) }
    guard var fields = Fields(node, scope, what: "a member") else { return nil }
    let user = fields.string("user")
    let group = fields.string("group")
    let from = fields.time("from")
    let until = fields.time("until")
    if let role = node["role"] {
      scope.report(.unsuitableMember, "a role cannot be a member", at: role.mark, hint: "name its users or groups")
      return nil
    }
    fields.finish("a member")
    if let from, let until, until <= from {
      scope.report(.emptyPeriod, "the membership ends before it begins", at: node["until"]?.mark ?? node.mark)
    }
    switch (user, group) {
    case (let user?, nil): return .init(ResourceKey("User", user), from: from, until: until)
    case (nil, let group?): return .init(ResourceKey("Group", group), from: from, until: until)
    default:
      scope.report(.conflictingFields, "a member needs exactly one of `user` and `group`", at: node.mark)
      return nil
    }
  }
}

extension FileScope {
  /// `{matchLabels: {…}}`, which must select by something.
  func selector(_ node: YAMLNode) -> [String: String] {
    guard var fields = Fields(node, self, what: "`selector`") else { return [:] }
    let labels = fields.require("matchLabels", of: "`selector`").map { _ in fields.labels("matchLabels") ?? [:] } ?? [:]
    fields.finish("`selector`")
    if node["matchLabels"]?.entries?.isEmpty == true {
      report(
        .missingField, "`matchLabels` needs at least one label", at: node.mark,
        hint: "without one it would select everybody")
    }
    return labels
  }
}
