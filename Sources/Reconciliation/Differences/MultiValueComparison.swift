import JSON
import SCIM

/// Compares and explains multi-valued attributes as sets of elements.
struct MultiValueComparison {
  let rule: AttributeRule
  let catalog: SchemaCatalog

  /// Splits off the elements that `ignore` names.
  func split(_ elements: [JSONValue]) -> (managed: [JSONValue], ignored: [JSONValue]) {
    guard !rule.ignoredElements.isEmpty else { return (elements, []) }
    let isIgnored = elements.map { element in
      guard let object = element.object else { return false }
      return rule.ignoredElements.contains { $0.matches(object, type: nil, catalog: catalog) }
    }
    return (
      zip(elements, isIgnored).filter { !$1 }.map(\.0),
      zip(elements, isIgnored).filter { $1 }.map(\.0)
    )
  }

  /// Whether every desired element has a live element of its own that agrees with all it says, and none is left over.
  /// What a desired element does not say (a `display`, a `primary` that the endpoint set) is not managed.
  func covers(_ desired: [JSONValue], _ live: [JSONValue]) -> Bool {
    ValueCoverage.pairs(desired, live, where: agrees)
  }

  private func agrees(_ desired: JSONValue, _ live: JSONValue) -> Bool {
    guard let desired = desired.object, let live = live.object else {
      return desired == live || isSameScalar(desired, live)
    }
    return desired.members.allSatisfy { member in
      let there = live[member.key]
      if member.value == there { return true }
      guard let part = rule.subAttribute(member.key), part.isComparable,
        !rule.ignoredSubAttributes.contains(member.key)
      else { return true }
      return ValueCoverage.covers(there, member.value, as: part)
    }
  }

  private func isSameScalar(_ desired: JSONValue, _ live: JSONValue) -> Bool {
    var single = rule.attribute
    single.isMultiValued = false
    return AttributeValues.areEqual(desired, live, attribute: single)
  }

  /// The differences as a reader wants them: `emails[type eq "work"].value` where types tell the elements apart, else
  /// the attribute as a whole.
  func explain(_ desired: [JSONValue], _ live: [JSONValue], cause: Cause) -> [AttributeChange] {
    guard let wanted = byType(desired), let there = byType(live), !wanted.isEmpty else {
      return [change(rule.path, live.isEmpty ? nil : .array(live), desired.isEmpty ? nil : .array(desired), cause)]
    }
    return Set(wanted.keys).union(there.keys).sorted().flatMap { type in
      explain(type, wanted[type], there[type], cause: cause)
    }
  }

  private func explain(_ type: String, _ desired: JSONObject?, _ live: JSONObject?, cause: Cause) -> [AttributeChange] {
    var path = rule.path
    path.valueFilter = .compare(AttributePath("type"), .equal, .string(type))
    guard let desired, let live else {
      return [change(path, live.map(JSONValue.object), desired.map(JSONValue.object), cause)]
    }
    return desired.members.compactMap { member in
      guard !agrees(.object(JSONObject(uniqueMembers: [member])), .object(live)) else { return nil }
      path.subAttribute = member.key
      return change(path, live[member.key], member.value, cause)
    }
  }

  private func change(
    _ path: AttributePath, _ before: JSONValue?, _ after: JSONValue?, _ cause: Cause
  ) -> AttributeChange {
    AttributeChange(path: path.description, before: before, after: after, cause: cause)
  }

  /// nil when the elements are not told apart by a type each.
  private func byType(_ elements: [JSONValue]) -> [String: JSONObject]? {
    var byType: [String: JSONObject] = [:]
    for element in elements {
      guard let object = element.object, let type = object["type"]?.string,
        byType.updateValue(object, forKey: type) == nil
      else { return nil }
    }
    return byType
  }
}
