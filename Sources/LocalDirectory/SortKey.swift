import JSON
import SCIM

/// What a resource is sorted by (RFC 7644 section 3.4.2.3): strings without regard to case unless the schema says
/// otherwise; of several values the primary one or the first; resources without a value come after all others.
enum SortKey: Hashable, Comparable {
  case number(Double)
  case text(String)
  case missing

  init(_ path: AttributePath, _ attribute: Attribute?, in document: JSONObject) {
    switch Self.value(at: path, in: document) {
    case .string(let text) where attribute?.type == .dateTime:
      self = DateTime(text).map { .number(Double($0.seconds) + Double($0.nanoseconds) / 1e9) } ?? .text(text)
    case .string(let text): self = .text(attribute?.isCaseExact == true ? text : text.lowercased())
    case .number(let number): self = .number(number.double)
    case .bool(let value): self = .number(value ? 1 : 0)
    default: self = .missing
    }
  }

  /// Also of a part, such as `emails.value`: which of the values counts is settled before the part is looked at.
  private static func value(at path: AttributePath, in document: JSONObject) -> JSONValue? {
    var whole = path
    whole.subAttribute = nil
    let values = whole.values(in: document)
    guard let leading = values.first(where: { $0["primary"]?.bool == true }) ?? values.first else { return nil }
    guard let part = path.subAttribute else { return leading["value"] ?? leading }
    let told = leading.object?.value(ignoringCase: part)
    return told?.array?.first ?? told
  }
}
