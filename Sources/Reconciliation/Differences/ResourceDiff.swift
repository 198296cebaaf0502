import JSON
import SCIM

/// The differences of one resource: what is desired against what is there, three-way with what we last applied.
///
/// It walks the desired attributes by their schema, so what no manifest says is not touched. Nothing is built for what
/// is equal, which is nearly everything.
struct ResourceDiff {
  /// The three values of one attribute.
  struct Sides {
    /// As the manifest says it, references by `bulkId:`.
    var desired: JSONValue
    var live: JSONValue?
    var applied: JSONValue?

    /// Whether the manifest says something else than what was last applied.
    func hasManifestChanged(_ attribute: Attribute) -> Bool {
      guard let applied else { return false }
      return !AttributeValues.areEqual(applied, desired, attribute: attribute)
    }
  }

  let rules: TypeRules
  let references: References
  /// Whether the ledger knows what we last applied.
  private(set) var hasRecord = false

  private(set) var changes: [AttributeChange] = []
  /// The smallest PATCH that removes the differences, references to resources of this run by `bulkId:`.
  private(set) var operations: [PatchOperation] = []
  /// What has to be created first.
  private(set) var dependencies: [ResourceKey] = []
  /// References that cannot be said there, and differences that may not be removed.
  private(set) var limitations: [String] = []

  init(rules: TypeRules, references: References) {
    self.rules = rules
    self.references = references
  }

  /// - Parameter applied: what the ledger remembers; nil when it knows nothing of the resource.
  mutating func compare(_ desired: JSONObject, with live: JSONObject, applied: JSONObject?) {
    hasRecord = applied != nil
    for member in desired.members {
      if rules.isExtension(member.key) {
        compareExtension(member, live: live, applied: applied)
      } else if let rule = rules.rule(member.key, value: member.value) {
        compare(rule, Sides(desired: member.value, live: live.member(member.key), applied: applied?[member.key]))
      }
    }
    if let applied { clearDropped(from: applied, desired: desired, live: live) }
  }

  private mutating func compareExtension(_ member: JSONObject.Member, live: JSONObject, applied: JSONObject?) {
    guard let known = rules.extensionRules(member.key) else { return }
    let there = live.member(member.key)?.object ?? [:]
    let recorded = applied?[member.key]?.object
    let desired = member.value.object ?? JSONObject(there.keys.map { ($0, .null) })
    for part in desired.members {
      guard let rule = known.rule(part.key, value: part.value) else { continue }
      compare(rule, Sides(desired: part.value, live: there.member(part.key), applied: recorded?[part.key]))
    }
  }

  // MARK: One attribute

  private mutating func compare(_ rule: AttributeRule, _ sides: Sides) {
    if sides.desired == sides.live || rule.isSkipped || !rule.isHeld { return }
    guard rule.isVisible(sides.live) else { return compareUnseen(rule, sides) }
    if rule.attribute.mutability == .immutable, let live = sides.live, !live.isUnassigned {
      if !isEqual(sides.desired, live, rule.attribute) {
        limitations.append("\(rule.path) is immutable there: differences stay")
      }
      return
    }
    if sides.desired.isUnassigned {
      if let live = sides.live, !live.isUnassigned { clear(rule, sides, live) }
    } else if rule.attribute.isMultiValued {
      compareElements(rule, sides)
    } else if rule.isReference {
      compareReference(rule, sides)
    } else if case .object(let desired) = sides.desired, let live = sides.live?.object {
      compareParts(rule, desired, live, applied: sides.applied?.object)
    } else if !isEqual(sides.desired, sides.live, rule.attribute) {
      set(rule.path, to: sides.desired, from: sides.live, cause: cause(sides, rule.attribute))
    }
  }

  /// What the endpoint never shows is written again only when the manifest changed.
  private mutating func compareUnseen(_ rule: AttributeRule, _ sides: Sides) {
    guard hasRecord, sides.applied != sides.desired, !sides.desired.isUnassigned else { return }
    operations.append(PatchOperation(.replace, rule.path, value: sides.desired))
    changes.append(
      AttributeChange(path: rule.path.description, before: nil, after: .string("•••"), cause: .manifest))
  }

  /// A reference is written as a whole: `value` is all there is to it that can be written.
  private mutating func compareReference(_ rule: AttributeRule, _ sides: Sides) {
    let resolution = references.resolve(sides.desired)
    guard let wanted = resolution.value else {
      limitations.append("\(rule.path): references to resources that this endpoint does not hold are left out")
      return
    }
    if let id = wanted["value"]?.string, id == sides.live?["value"]?.string { return }
    if let dependency = resolution.dependency { dependencies.append(dependency) }
    operations.append(PatchOperation(.replace, rule.path, value: wanted))
    changes.append(
      AttributeChange(
        path: rule.path.description, before: references.readable(sides.live), after: references.readable(sides.desired),
        cause: cause(sides, rule.attribute)))
  }

  mutating func compareElements(_ rule: AttributeRule, _ sides: Sides) {
    let comparison = MultiValueComparison(rule: rule, catalog: rules.catalog)
    var desired = comparison.split(sides.desired.array ?? [sides.desired]).managed
    var live = comparison.split(sides.live?.array ?? [])
    let automatic = automaticElements(of: rule, in: live.managed, besides: desired + (sides.applied?.array ?? []))
    live.managed.removeAll(where: automatic.contains)
    // Once a manifest changed, what it no longer says of an element counts too.
    let isChanged = sides.hasManifestChanged(rule.attribute)
    func isSame() -> Bool {
      isChanged
        ? AttributeValues.areEqual(.array(desired), .array(live.managed), attribute: rule.attribute)
        : comparison.covers(desired, live.managed)
    }
    guard !isSame() else { return }
    // Many endpoints keep once what is written twice.
    desired = desired.withoutRepetitions(of: rule.attribute)
    live.managed = live.managed.withoutRepetitions(of: rule.attribute)
    guard !isSame() else { return }
    changes += comparison.explain(desired, live.managed, cause: cause(sides, rule.attribute))
    let elements = desired + live.ignored + automatic
    operations.append(
      elements.isEmpty
        ? PatchOperation(.remove, rule.path) : PatchOperation(.replace, rule.path, value: .array(elements)))
  }

  private mutating func clear(_ rule: AttributeRule, _ sides: Sides, _ live: JSONValue) {
    if rule.attribute.isMultiValued,
      !rule.ignoredElements.isEmpty || rules.automaticElements[rule.attribute.name] != nil
    {
      return compareElements(rule, Sides(desired: [], live: live, applied: sides.applied))
    }
    remove(rule, from: live, cause: cause(sides, rule.attribute))
  }

  // MARK: Words and causes

  mutating func write(_ operation: PatchOperation, _ changes: [AttributeChange]) {
    operations.append(operation)
    self.changes += changes
  }

  mutating func sayLimitation(_ text: String) { limitations.append(text) }

  private mutating func set(_ path: AttributePath, to value: JSONValue, from live: JSONValue?, cause: Cause) {
    operations.append(PatchOperation(.replace, path, value: value))
    changes.append(AttributeChange(path: path.description, before: live, after: value, cause: cause))
  }

  mutating func remove(_ rule: AttributeRule, from live: JSONValue, cause: Cause) {
    operations.append(PatchOperation(.remove, rule.path))
    let before = rule.isReference && !rule.attribute.isMultiValued ? references.readable(live) : live
    changes.append(AttributeChange(path: rule.path.description, before: before, after: nil, cause: cause))
  }

  func cause(_ sides: Sides, _ attribute: Attribute) -> Cause {
    guard hasRecord else { return .unknown }
    guard let applied = sides.applied else { return .manifest }
    if isEqual(applied, sides.desired, attribute) { return .endpoint }
    // What the endpoint added by itself is not its doing against ours.
    return ValueCoverage.covers(sides.live, references.resolve(recorded: applied), as: attribute) ? .manifest : .both
  }

  func isEqual(_ a: JSONValue, _ b: JSONValue?, _ attribute: Attribute) -> Bool {
    a == b || AttributeValues.areEqual(a, b, attribute: attribute)
  }
}

extension JSONObject {
  /// The value under this name; endpoints do not all spell as the schema does (RFC 7643 section 2.1).
  func member(_ name: String) -> JSONValue? { self[name] ?? value(ignoringCase: name) }
}
