import JSON
import SCIM

/// What one write may ask for and one resource may hold, so that no write takes long. Members are not counted: they are no
/// part of the document, and come and go in any number.
package enum ResourceLimits {
  /// The most operations of a PATCH, and comparisons of the filters in their paths: each looks at all values of an
  /// attribute.
  package static let operations = 1000
  /// The most values of an attribute.
  package static let values = 1000

  /// - Throws: `SCIMError` 400 for a text with more combining marks in a row than any script needs.
  static func checkTexts(_ attributes: JSONObject) throws(SCIMError) {
    guard let member = attributes.members.first(where: { $0.key.hasTooManyMarks || $0.value.hasTooManyMarks }) else {
      return
    }
    throw tooManyMarks(in: member.key)
  }

  /// - Throws: as for the attributes of a resource.
  static func checkTexts(_ operations: [PatchOperation]) throws(SCIMError) {
    guard let operation = operations.first(where: { $0.value?.hasTooManyMarks ?? false }) else { return }
    throw tooManyMarks(in: operation.path?.attribute ?? "value")
  }

  /// - Throws: `SCIMError` 413 for too many operations on the document.
  static func checkCount(_ operations: [PatchOperation]) throws(SCIMError) {
    let count = operations.reduce(0) { $0 + ($1.path?.valueFilter?.comparisons ?? 1) }
    guard count > Self.operations else { return }
    throw SCIMError(
      status: 413, nil,
      "A PATCH takes \(Self.operations) operations at most beside those on members, not \(count); each comparison in a path counts as one."
    )
  }

  /// - Parameter before: what the resource was. A list that was too long already may stay, and become shorter.
  /// - Throws: `SCIMError` 400 for too many values.
  static func checkCounts(_ attributes: JSONObject, before: JSONObject) throws(SCIMError) {
    for member in attributes {
      let count = longestList(in: member.value)
      guard count > values, count > before[member.key].map(longestList) ?? 0 else { continue }
      throw SCIMError(status: 400, .invalidValue, "\(member.key) must not have more than \(values) values.")
    }
  }

  private static func longestList(in value: JSONValue) -> Int {
    switch value {
    case .array(let elements): max(elements.count, elements.lazy.map(longestList).max() ?? 0)
    case .object(let object): object.lazy.map { longestList(in: $0.value) }.max() ?? 0
    case .null, .bool, .number, .string: 0
    }
  }

  private static func tooManyMarks(in attribute: String) -> SCIMError {
    SCIMError(
      status: 400, .invalidValue,
      "\(attribute) must not have more than \(CombiningMarks.limit) combining marks in a row.")
  }
}

extension Filter {
  /// How many there are in it.
  fileprivate var comparisons: Int {
    switch self {
    case .present, .compare: 1
    case .valuePath(_, let elements): elements.comparisons
    case .and(let a, let b), .or(let a, let b): a.comparisons + b.comparisons
    case .not(let inner): inner.comparisons
    }
  }
}
