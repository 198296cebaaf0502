import JSON
import SCIM

/// What the manifest says no longer.
extension ResourceDiff {
  /// Clears what was written once and is no longer in the manifest, as far as we were the last to set it. Nobody becomes
  /// inactive, or neither of both, by silence: `active` follows the lifecycle.
  mutating func clearDropped(from applied: JSONObject, desired: JSONObject, live: JSONObject) {
    for member in applied.members where member.key != "active" && !rules.membershipAttributes.contains(member.key) {
      if rules.isExtension(member.key), let recorded = member.value.object {
        guard let known = rules.extensionRules(member.key), desired[member.key]?.isNull != true else { continue }
        let there = live.member(member.key)?.object ?? [:]
        let wanted = desired[member.key]?.object ?? [:]
        for part in recorded.members where wanted[part.key] == nil {
          guard let rule = known.rule(part.key, value: part.value) else { continue }
          clearDropped(rule, recorded: part.value, live: there.member(part.key))
        }
      } else if desired[member.key] == nil, let rule = rules.rule(member.key, value: member.value) {
        clearDropped(rule, recorded: member.value, live: live.member(member.key))
      }
    }
  }

  private mutating func clearDropped(_ rule: AttributeRule, recorded: JSONValue, live: JSONValue?) {
    guard let live, !live.isUnassigned, !recorded.isUnassigned, rule.isHeld, !rule.isSkipped,
      rule.attribute.mutability == .readWrite, !rule.attribute.isRequired, isStillOurs(recorded, live, rule)
    else { return }
    if rules.automaticElements[rule.attribute.name] != nil {
      return compareElements(rule, Sides(desired: [], live: live, applied: recorded))
    }
    remove(rule, from: live, cause: .manifest)
  }

  private func isStillOurs(_ recorded: JSONValue, _ live: JSONValue, _ rule: AttributeRule) -> Bool {
    if let recorded = recorded.array, rule.attribute.isMultiValued {
      var live = live.array ?? []
      let automatic = automaticElements(of: rule, in: live, besides: recorded)
      live.removeAll(where: automatic.contains)
      return MultiValueComparison(rule: rule, catalog: rules.catalog).covers(recorded, live)
    }
    if rule.isReference { return isEqual(references.resolve(recorded: recorded), live, rule.attribute) }
    return ValueCoverage.covers(live, recorded, as: rule.attribute)
  }
}
