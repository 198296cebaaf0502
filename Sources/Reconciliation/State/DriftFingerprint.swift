import Crypto
import JSON

extension DriftReport.Finding {
  /// What tells this finding from all others: SHA-256 in hexadecimal, over where it is, its class, whom it concerns, and of
  /// what changed the paths and the values found. The same finding has the same fingerprint in every run, in whatever order
  /// its parts come; one that changes again has another. Secrets stand in it as they stand in a report, as `•••`.
  package var fingerprint: String {
    let content: JSONObject = [
      "endpoint": .string(endpoint), "class": .string(self.class.rawValue), "kind": .string(key.kind),
      "name": .string(key.name), "found": .array(found),
    ]
    return SHA256.hash(data: content.canonical()).hexadecimal
  }

  /// How many digits of a fingerprint people are shown.
  package static let shownDigits = 8

  /// What is found there in place of what was left. What is gone, or should not be there, is that as a whole.
  private var found: [JSONValue] {
    guard self.class == .changed else { return [] }
    let parts = attributes.map { attribute in
      var part: JSONObject = ["path": .string(attribute.path), "live": attribute.before?.inCommonOrder ?? .null]
      // Of members, those who are missing there are as much of a finding as those who are too many.
      if attribute.isMembership { part["missing"] = attribute.after?.inCommonOrder ?? .null }
      return JSONValue.object(part)
    }
    return JSONValue.array(parts).inCommonOrder.array ?? []
  }
}

extension AttributeChange {
  /// Whether it tells who leaves and who comes, instead of two values.
  package var isMembership: Bool {
    ["members", "users", "groups"].contains(path) && (before != nil || after != nil)
      && [before, after].compactMap(\.self).allSatisfy { $0.array?.allSatisfy { $0.string != nil } ?? false }
  }
}

extension JSONValue {
  /// The value with all lists in it sorted: in SCIM they are sets (RFC 7643 section 2.4).
  fileprivate var inCommonOrder: JSONValue {
    switch self {
    case .null, .bool, .number, .string: self
    case .array(let elements):
      .array(
        elements.map { ($0.inCommonOrder, $0.inCommonOrder.canonical()) }
          .sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0))
    case .object(let object):
      .object(JSONObject(uniqueMembers: object.members.map { .init(key: $0.key, value: $0.value.inCommonOrder) }))
    }
  }
}
