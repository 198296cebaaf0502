import Foundation
import JSON
import Reconciliation

/// Reads `members`, in every form.
struct MembersReader {
  let scope: FileScope

  func read(_ node: YAMLNode) -> MembersDraft? {
    var draft = MembersDraft(mark: node.mark)
    if let items = node.items {
      read(items, into: &draft)
      return draft
    }
    guard !node.isNull else { return draft }
    guard var fields = Fields(node, scope, what: "`members`") else { return nil }
    draft.mode = fields.choice("mode", DesiredMembers.Mode.self) ?? draft.mode
    read(fields.items("refs") ?? [], into: &draft)
    draft.selector = fields.take("selector").map(scope.selector) ?? [:]
    draft.allowsEmpty = fields.bool("allowEmpty") ?? false
    fields.finish("`members`")
    return draft
  }

  private func read(_ nodes: [YAMLNode], into draft: inout MembersDraft) {
    draft.isEmpty = nodes.isEmpty
    var references: [DesiredMembers.Reference] = []
    var marks: [YAMLMark] = []
    references.reserveCapacity(nodes.count)
    marks.reserveCapacity(nodes.count)
    for node in nodes {
      guard let reference = reference(node) else { continue }
      references.append(reference)
      marks.append(node.mark)
    }
    draft.take(references, at: marks) { reference, mark, first in
      scope.report(
        .duplicateReference, "\(reference.key) stands twice in this list", at: mark, hint: "remove one of the two",
        notes: [.init("the first is here", at: scope.location(first))])
    }
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
