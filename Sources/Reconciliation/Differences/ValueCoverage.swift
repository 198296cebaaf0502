import JSON
import SCIM

/// Whether what is there has all that a manifest says, at every depth: what it does not say is not managed.
enum ValueCoverage {
  /// Secrets, which nobody can read, and what only the endpoint writes are left out.
  static func covers(_ live: JSONValue?, _ desired: JSONValue, as attribute: Attribute) -> Bool {
    if desired == live { return true }
    if !attribute.isOrdered, AttributeValues.areEqual(desired, live, attribute: attribute) { return true }
    guard let live else { return desired.isUnassigned || desired == false }
    guard attribute.isMultiValued, let elements = desired.array else { return coversOne(live, desired, attribute) }
    let there = live.array ?? [live]
    guard attribute.isOrdered else { return pairs(elements, there) { coversOne($1, $0, attribute) } }
    return elements.count == there.count && zip(elements, there).allSatisfy { coversOne($1, $0, attribute) }
  }

  /// Whether every desired element has a live element of its own that agrees with it, and none is left over.
  static func pairs(
    _ desired: [JSONValue], _ live: [JSONValue], where agrees: (JSONValue, JSONValue) -> Bool
  ) -> Bool {
    guard desired.count == live.count else { return false }
    var isTaken = Array(repeating: false, count: live.count)
    for (index, element) in desired.enumerated() {
      // Most endpoints keep the order, so the same place is the first to look at.
      if !isTaken[index], agrees(element, live[index]) {
        isTaken[index] = true
        continue
      }
      guard let place = live.indices.first(where: { !isTaken[$0] && agrees(element, live[$0]) }) else { return false }
      isTaken[place] = true
    }
    return true
  }

  private static func coversOne(_ live: JSONValue, _ desired: JSONValue, _ attribute: Attribute) -> Bool {
    guard !attribute.namesResource, let parts = desired.object, let there = live.object else {
      var single = attribute
      single.isMultiValued = false
      return AttributeValues.areEqual(desired, live, attribute: single)
    }
    return parts.members.allSatisfy { member in
      guard let part = attribute.part(member.key), part.isComparable else { return true }
      return covers(there.member(member.key), member.value, as: part)
    }
  }
}

extension Attribute {
  /// The definition of a part, which is a guess where the schema lists none; nil for what is not among those listed.
  func part(_ name: String) -> Attribute? {
    subAttribute(name) ?? (subAttributes.isEmpty ? Attribute(name, isCaseExact: true) : nil)
  }

  /// Whether the order of its values counts, as it does in no attribute of SCIM itself (RFC 7643 section 2.4): the steps
  /// of a sign-in follow one another.
  var isOrdered: Bool { name == "steps" && type == .complex && isMultiValued }

  /// Whether its value can both be written and read again.
  var isComparable: Bool { mutability != .readOnly && isTold }

  /// Whether the endpoint tells its value (RFC 7643 section 7).
  var isTold: Bool { mutability != .writeOnly && returned != .never }
}
