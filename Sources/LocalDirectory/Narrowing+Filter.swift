import JSON
import SCIM

extension Narrowing {
  /// A narrowing that loses no match of the filter among the resources of a type; nil when only a walk over all of them
  /// is sure to find every one.
  init?(_ filter: Filter?, _ rules: ResourceRules) {
    guard let filter, let narrowing = NarrowingRules(rules: rules).narrowing(filter) else { return nil }
    self = narrowing
  }
}

/// What the schema says about the attributes that stores keep an index of.
private struct NarrowingRules {
  let rules: ResourceRules

  /// - Parameter parent: the attribute whose values the filter is about, in a value filter: `emails[value eq "a@b.c"]`.
  func narrowing(_ filter: Filter, within parent: AttributePath? = nil) -> Narrowing? {
    if parent == nil, let key = rules.extensionKey(of: filter) { return .key(key) }
    switch filter {
    case .compare(let path, let comparison, .string(let operand)):
      return comparing(path.within(parent), comparison, operand)
    case .valuePath(let path, let elements):
      return parent == nil ? narrowing(elements, within: path) : nil
    case .and(let a, let b):
      guard let a = narrowing(a, within: parent) else { return narrowing(b, within: parent) }
      return narrowing(b, within: parent).map { .both(of: a, and: $0) } ?? a
    case .or(let a, let b):
      guard let a = narrowing(a, within: parent), let b = narrowing(b, within: parent) else { return nil }
      return .either(a, b)
    case .compare, .present, .not: return nil
    }
  }

  /// A value filter in the path only makes fewer match.
  private func comparing(_ path: AttributePath, _ comparison: Filter.Comparison, _ operand: String) -> Narrowing? {
    guard path.schema.map({ $0.isEqual(ignoringCase: rules.type.schema) }) ?? true else { return nil }
    switch (path.attribute.lowercased(), path.subAttribute?.lowercased()) {
    case ("id", nil): return comparison == .equal ? .id(operand) : nil
    case ("meta", "created"): return times(.created, comparison, operand)
    case ("meta", "lastmodified"): return times(.modified, comparison, operand)
    case (let name, nil), (let name, "value"):
      // Case does not count in references, and ids are given in lower case.
      let id = operand.lowercased()
      if rules.memberAttribute(name) != nil { return comparison == .equal ? .containers(of: id) : nil }
      if rules.computed.contains(where: { $0.attribute == name }) {
        return comparison == .equal ? .members(below: id) : nil
      }
      return indexed(path).flatMap { keys($0, comparison, operand) }
    default: return nil
    }
  }

  /// The name of the index of an attribute, when the schema defines it as ``LookupKey/keys(of:)`` takes it.
  private func indexed(_ path: AttributePath) -> String? {
    var whole = path
    whole.subAttribute = nil
    guard let attribute = whole.resolve(in: rules.type, catalog: rules.catalog) else { return nil }
    switch attribute.type {
    case .string where !attribute.isMultiValued && path.subAttribute == nil:
      return LookupKey.attributes.contains(attribute.name) ? attribute.name : nil
    case .complex where attribute.isMultiValued && attribute.name == "emails": return LookupKey.emails
    default: return nil
    }
  }

  private func keys(_ attribute: String, _ comparison: Filter.Comparison, _ operand: String) -> Narrowing? {
    switch comparison {
    case .equal: .key(LookupKey(attribute: attribute, value: operand))
    case .startsWith: .keys(of: attribute, startingWith: operand)
    default: nil
    }
  }

  /// Wider by a millisecond on either side, for a text of the time may be cut where the number is rounded.
  private func times(_ time: Time, _ comparison: Filter.Comparison, _ operand: String) -> Narrowing? {
    guard let instant = DateTime(operand) else { return nil }
    let milliseconds = instant.seconds * 1000 + instant.nanoseconds / 1_000_000
    switch comparison {
    case .equal: return .times(time, milliseconds - 1...milliseconds + 1)
    case .greaterThan, .greaterOrEqual: return .times(time, milliseconds - 1...Int.max)
    case .lessThan, .lessOrEqual: return .times(time, Int.min...milliseconds + 1)
    default: return nil
    }
  }

  private typealias Time = Narrowing.Time
}

extension AttributePath {
  /// The path of an element's attribute from the resource on.
  fileprivate func within(_ parent: AttributePath?) -> AttributePath {
    parent.map { AttributePath(schema: $0.schema, $0.attribute, sub: attribute) } ?? self
  }
}
