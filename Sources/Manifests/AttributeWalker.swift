import JSON
import Reconciliation
import SCIM

/// Walks the attributes of one document along the schema: YAML in, JSON out, with secrets and references set apart.
struct AttributeWalker {
  /// A name that must be that of a document.
  struct PendingReference {
    var key: ResourceKey
    var mark: YAMLMark
  }

  /// A secret with the path of its attribute, and where it stands.
  struct FoundSecret {
    var path: String
    var reference: SecretReference
    var mark: YAMLMark
  }

  let scope: FileScope
  var references: [PendingReference] = []
  private(set) var secrets: [FoundSecret] = []

  init(scope: FileScope) { self.scope = scope }

  /// The members of an object whose keys are attributes of `rules`.
  mutating func object(_ entries: [YAMLEntry], _ rules: [String: AttributeRule], of owner: @autoclosure () -> String)
    -> JSONObject
  {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(entries.count)
    for entry in entries {
      guard let rule = rules[entry.key] else {
        reportUnknown(entry, among: rules.filter { $0.value.mutability != .readOnly }.keys, of: owner()) { rules[$0] }
        continue
      }
      if let value = value(entry, rule) { members.append(JSONObject.Member(key: rule.name, value: value)) }
    }
    return JSONObject(uniqueMembers: members)
  }

  /// The value of an attribute; nil when there is none to send: after a fault, or for a secret.
  mutating func value(_ entry: YAMLEntry, _ rule: AttributeRule) -> JSONValue? {
    guard rule.mutability != .writeOnly else { return secret(entry, rule) }
    guard rule.mutability != .readOnly else {
      scope.report(
        .readOnlyAttribute, "`\(rule.name)` is set by the endpoint and cannot be set here", at: entry.keyMark,
        hint: "remove it")
      return nil
    }
    switch entry.value.content {
    case .scalar(let text, isPlain: true) where YAMLScalar.isNull(text): return .null
    case .sequence(let items) where rule.isMultiValued: return list(items, rule)
    case _ where rule.isMultiValued:
      scope.report(
        .wrongType, "`\(rule.name)` must be a list", at: entry.value.mark,
        hint: entry.value.text == nil ? "put `- ` before the value" : "write it as [value]")
      return nil
    default: return single(entry.value, rule)
    }
  }

  private mutating func secret(_ entry: YAMLEntry, _ rule: AttributeRule) -> JSONValue? {
    guard !entry.value.isNull else { return nil }
    if let reference = SecretReader(scope: scope).read(entry.value, what: "`\(rule.name)`") {
      secrets.append(FoundSecret(path: rule.name, reference: reference, mark: entry.keyMark))
    }
    return nil
  }

  private mutating func list(_ items: [YAMLNode], _ rule: AttributeRule) -> JSONValue {
    var values: [JSONValue] = []
    values.reserveCapacity(items.count)
    for item in items {
      let before = secrets.count
      if let value = single(item, rule) { values.append(value) }
      if secrets.count > before { prefixSecrets(from: before, withEntry: item, of: rule.name) }
    }
    checkPrimaries(items, rule)
    return .array(values)
  }

  private mutating func single(_ node: YAMLNode, _ rule: AttributeRule) -> JSONValue? {
    guard rule.type == .complex else { return scalar(node, rule) }
    guard !rule.parts.isEmpty else { return node.untyped }
    guard let entries = node.entries else { return reference(node, rule) }
    let before = secrets.count
    let value = object(entries, rule.parts, of: "`\(rule.name)`")
    for part in rule.requiredParts where node[part] == nil {
      scope.report(.missingAttribute, "`\(rule.name)` needs `\(part)`", at: node.mark)
    }
    if !rule.isMultiValued, secrets.count > before { prefixSecrets(from: before, with: rule.name + ".") }
    return .object(value)
  }

  private func scalar(_ node: YAMLNode, _ rule: AttributeRule) -> JSONValue? {
    guard let value = scope.value(of: node, as: rule.type, what: rule.name) else { return nil }
    if !rule.canonicalValues.isEmpty, let text = value.string, !rule.canonicalValues.contains(text) {
      scope.report(
        .unusualValue, "`\(text)` is not one of the usual values of `\(rule.name)`", at: node.mark,
        hint: Spelling.hint(for: text, among: rule.canonicalValues)
          ?? "they are \(rule.canonicalValues.quoted(and: "and"))")
    }
    return value
  }

  /// A name where a complex attribute is expected: `manager: alice`.
  private mutating func reference(_ node: YAMLNode, _ rule: AttributeRule) -> JSONValue? {
    guard let kind = rule.referencedKind, let name = node.text, !node.isNull else {
      scope.report(
        .wrongType, "`\(rule.name)` must be a mapping", at: node.mark,
        hint: "its fields are \(rule.parts.keys.sorted().quoted(and: "and"))")
      return nil
    }
    let key = ResourceKey(kind, name)
    references.append(PendingReference(key: key, mark: node.mark))
    return .object(JSONObject(uniqueMembers: [JSONObject.Member(key: "value", value: .string(key.bulkId))]))
  }

  /// RFC 7643 section 2.4: `primary` is true for at most one value.
  private func checkPrimaries(_ items: [YAMLNode], _ rule: AttributeRule) {
    guard items.count > 1, rule.parts["primary"] != nil else { return }
    let primaries = items.filter { $0["primary"]?.text == "true" }
    guard let first = primaries.first, let second = primaries.dropFirst().first else { return }
    scope.report(
      .severalPrimaries, "more than one value of `\(rule.name)` is primary", at: second["primary"]?.mark ?? second.mark,
      notes: [.init("the first is here", at: scope.location(first["primary"]?.mark ?? first.mark))])
  }
}

extension AttributeWalker {
  /// Reports an attribute that is not in the schema. What may be a misspelt secret is kept out of the quoted line.
  func reportUnknown(
    _ entry: YAMLEntry, among names: some Sequence<String>, of owner: String, rule: (String) -> AttributeRule?
  ) {
    let nearest = Spelling.nearest(to: entry.key, among: names)
    if FileScope.soundsSecret(entry.key) || nearest.flatMap(rule)?.mutability == .writeOnly {
      scope.conceal(entry.value)
    } else {
      scope.concealSuspects(in: entry.value)
    }
    scope.report(
      .unknownAttribute, "\(owner) has no attribute `\(entry.key)`", at: entry.keyMark,
      hint: nearest.map { "did you mean `\($0)`?" })
  }

  mutating func prefixSecrets(from start: Int, with prefix: String) {
    for index in start..<secrets.count { secrets[index].path = prefix + secrets[index].path }
  }

  /// Makes the path say which entry of a list a secret belongs to: `connectors[name eq "scim"].password`.
  private mutating func prefixSecrets(from start: Int, withEntry item: YAMLNode, of name: String) {
    let key = ["name", "type", "value"].lazy.compactMap { key in item[key]?.text.map { (key, $0) } }.first
    guard let (attribute, value) = key else {
      scope.report(
        .unaddressableSecret, "this entry of `\(name)` holds a secret and needs a name to tell it by", at: item.mark,
        hint: "give it a `name` or a `type`")
      return
    }
    prefixSecrets(from: start, with: "\(name)[\(attribute) eq \(JSONValue.string(value).text)].")
    let earlier = secrets[..<start]
    for secret in secrets[start...] {
      guard let first = earlier.first(where: { $0.path == secret.path }) else { continue }
      scope.report(
        .unaddressableSecret, "two entries of `\(name)` with secrets have the same `\(attribute)`", at: secret.mark,
        hint: "give each a `name` of its own", notes: [.init("the first is here", at: scope.location(first.mark))])
    }
  }
}
