import Reconciliation
import SCIM

/// A `Policy` document as it was read, with the places that its faults may point at.
struct PolicyDraft: Sendable {
  var policy: Policy
  var part: FilePart
  var nameMark: YAMLMark
  /// Everything that it names.
  var references: [AttributeWalker.PendingReference]

  var nameLocation: SourceLocation { part.location(nameMark) }
}

/// Reads the `spec` of a `Policy` document.
struct PolicyReader {
  private let rules: RuleBook
  private let scope: FileScope
  private var references: [AttributeWalker.PendingReference] = []

  init(rules: RuleBook, scope: FileScope) {
    self.rules = rules
    self.scope = scope
  }

  /// nil, and a fault, when the spec is of no use.
  consuming func read(_ spec: YAMLNode, _ metadata: DocumentReader.Metadata) -> PolicyDraft? {
    guard var fields = Fields(spec, scope, what: "`spec`") else { return nil }
    var policy = Policy(name: metadata.name)
    policy.protections = (fields.items("protect") ?? []).compactMap { protection($0) }
    policy.separations = (fields.items("separationOfDuties") ?? []).compactMap { separation($0) }
    policy.tiers = (fields.items("tiers") ?? []).compactMap { tier($0) }
    policy.places = (fields.items("paths") ?? []).compactMap(place)
    policy.denials = (fields.items("deny") ?? []).compactMap(denial)
    fields.finish("a policy")
    if spec.entries?.isEmpty == true { scope.report(.missingField, "a policy needs at least one rule", at: spec.mark) }
    return PolicyDraft(policy: policy, part: scope.part, nameMark: metadata.nameMark, references: references)
  }

  // MARK: Rules over people and groups

  /// `breakglass`, or `{user: breakglass}`, `{group: admins}`, `{role: auditor}`.
  private mutating func protection(_ node: YAMLNode) -> Policy.Protection? {
    if node.text != nil, !node.isNull { return subject(node, "User").map { .init($0, at: scope.location(node.mark)) } }
    guard var fields = Fields(node, scope, what: "an entry of `protect`") else { return nil }
    let named = ["User", "Group", "Role"].compactMap { kind in fields.take(kind.lowercased()).map { (kind, $0) } }
    fields.finish("an entry of `protect`")
    guard let (kind, value) = named.first, named.count == 1 else {
      scope.report(.conflictingFields, "`protect` needs exactly one of `user`, `group` and `role`", at: node.mark)
      return nil
    }
    return subject(value, kind).map { .init($0, at: scope.location(value.mark)) }
  }

  private mutating func separation(_ node: YAMLNode) -> Policy.Separation? {
    guard var fields = Fields(node, scope, what: "an entry of `separationOfDuties`") else { return nil }
    let groups = self.groups(in: &fields)
    fields.finish("an entry of `separationOfDuties`")
    if Set(groups).count >= 2 { return Policy.Separation(groups, at: scope.location(node.mark)) }
    scope.report(.missingField, "a separation of duties needs two different groups or roles", at: node.mark)
    return nil
  }

  private mutating func tier(_ node: YAMLNode) -> Policy.Tier? {
    guard var fields = Fields(node, scope, what: "an entry of `tiers`") else { return nil }
    let name = fields.require("tier", of: "a tier").flatMap { scope.text($0, what: "`tier`") }
    let groups = self.groups(in: &fields)
    let approvals = fields.int("approvals", in: 0...100) ?? 0
    let authorMayNotBenefit = fields.bool("authorMayNotBenefit") ?? false
    fields.finish("a tier")
    guard !groups.isEmpty else {
      scope.report(.missingField, "a tier needs `groups` or `roles`", at: node.mark)
      return nil
    }
    return name.map {
      Policy.Tier(
        $0, groups: groups, approvals: approvals, authorMayNotBenefit: authorMayNotBenefit,
        at: scope.location(node.mark))
    }
  }

  /// `groups` and `roles`, by name.
  private mutating func groups(in fields: inout Fields) -> [ResourceKey] {
    let groups = fields.items("groups") ?? []
    let roles = fields.items("roles") ?? []
    return groups.compactMap { subject($0, "Group") } + roles.compactMap { subject($0, "Role") }
  }

  private mutating func subject(_ node: YAMLNode, _ kind: String) -> ResourceKey? {
    guard let name = scope.text(node, what: "the name of a \(kind)") else { return nil }
    let key = ResourceKey(kind, name)
    references.append(.init(key: key, mark: node.mark))
    return key
  }

  // MARK: Rules over documents

  private func place(_ node: YAMLNode) -> Policy.Place? {
    guard var fields = Fields(node, scope, what: "an entry of `paths`") else { return nil }
    let path = fields.require("path", of: "an entry of `paths`").flatMap { scope.text($0, what: "`path`") }
    let kinds = fields.items("kinds")?.compactMap(kind)
    let names = fields.strings("names")?.map { NamePattern($0) }
    fields.finish("an entry of `paths`")
    return path.map {
      Policy.Place(PathPattern($0), kinds: kinds.map { Set($0) }, names: names, at: scope.location(node.mark))
    }
  }

  private func kind(_ node: YAMLNode) -> String? {
    guard let text = scope.text(node, what: "a kind") else { return nil }
    let kinds = Set(ManifestKind.allCases.map(\.rawValue)).union(rules.catalog.resourceTypes.map(\.name)).sorted()
    if kinds.contains(text) { return text }
    scope.report(
      .unknownKind, "the kind `\(text)` is not known", at: node.mark, hint: Spelling.hint(for: text, among: kinds))
    return nil
  }

  private func denial(_ node: YAMLNode) -> Policy.Denial? {
    guard var fields = Fields(node, scope, what: "an entry of `deny`") else { return nil }
    let type = fields.require("kind", of: "an entry of `deny`").flatMap(resourceType)
    let filter = fields.require("filter", of: "an entry of `deny`")
    let message = fields.string("message")
    fields.finish("an entry of `deny`")
    guard let filter, let read = PathReader(rules: rules, scope: scope).filter(filter, what: "`filter`"), let type
    else { return nil }
    check(read, against: type, at: filter.mark)
    return Policy.Denial(
      type.name, read, text: filter.text ?? "", message: message, at: scope.location(filter.mark))
  }

  private func resourceType(_ node: YAMLNode) -> ResourceType? {
    guard let text = scope.text(node, what: "`kind`") else { return nil }
    if let type = rules.catalog.resourceType(text) { return type }
    let names = rules.catalog.resourceTypes.map(\.name)
    scope.report(
      .unknownResourceType, "there is no resource type `\(text)`", at: node.mark,
      hint: Spelling.hint(for: text, among: names) ?? "there is \(names.quoted(and: "and"))")
    return nil
  }

  /// A filter over an attribute that the kind has not would never match, and deny nothing.
  private func check(_ filter: Filter, against type: ResourceType, at mark: YAMLMark) {
    for path in filter.paths where path.resolve(in: type, catalog: rules.catalog) == nil {
      guard path.schema.map({ rules.extensionRules($0) != nil }) ?? true else { continue }
      scope.report(.unknownAttribute, "a \(type.name) has no attribute `\(path.attribute)`", at: mark)
    }
    do throws(SCIMError) {
      _ = try FilterPredicate(filter, type: type, catalog: rules.catalog)
    } catch {
      scope.report(.invalidFilter, error.detail, at: mark)
    }
  }
}
