import JSON
import SCIM

extension ResourceDiff {
  /// The live elements that the endpoint added by itself: those of the kind that it adds, unless their value was asked for.
  /// - Parameter asked: elements of the manifest and of what was last applied.
  func automaticElements(of rule: AttributeRule, in live: [JSONValue], besides asked: [JSONValue]) -> [JSONValue] {
    guard rule.path.schema == nil, let isAutomatic = rules.automaticElements[rule.attribute.name] else { return [] }
    return live.filter { element in
      guard let object = element.object, isAutomatic.matches(object, type: nil, catalog: rules.catalog) else {
        return false
      }
      return !asked.contains { isSameValue($0["value"], object["value"], rule) }
    }
  }

  private func isSameValue(_ a: JSONValue?, _ b: JSONValue?, _ rule: AttributeRule) -> Bool {
    guard let a, let b else { return a == b }
    return rule.subAttribute("value").map { AttributeValues.areEqual(a, b, attribute: $0) } ?? (a == b)
  }
}
