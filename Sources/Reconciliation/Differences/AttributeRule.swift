import JSON
import SCIM

/// How one attribute is compared and written. A class, because rules are looked up for every value and never change.
final class AttributeRule: Sendable {
  let attribute: Attribute
  /// As a request names it: with the URN for an attribute of an extension.
  let path: AttributePath
  /// Whether the endpoint can hold it.
  let isHeld: Bool
  /// Neither compared nor written: read-only, or named by `ignore`.
  let isSkipped: Bool
  /// Whether its `value` is the id of another resource.
  let isReference: Bool
  /// Parts that `ignore` names.
  let ignoredSubAttributes: Set<String>
  /// Elements that `ignore` names, whole.
  let ignoredElements: [Filter]

  init(_ attribute: Attribute, urn: String? = nil, isHeld: Bool = true, ignore: [AttributePath] = []) {
    self.attribute = attribute
    self.isHeld = isHeld
    path = AttributePath(schema: urn, attribute.name)
    let named = ignore.filter { $0.attribute.lowercased() == attribute.name.lowercased() }
    isSkipped = attribute.mutability == .readOnly || named.contains { $0.valueFilter == nil && $0.subAttribute == nil }
    isReference = attribute.type == .complex && attribute.referencedTypes.contains { $0 != "external" && $0 != "uri" }
    ignoredSubAttributes = Set(named.filter { $0.valueFilter == nil }.compactMap(\.subAttribute))
    ignoredElements = named.compactMap(\.valueFilter)
  }

  /// For an attribute that no schema describes: the value shows the type, and case counts.
  convenience init(guessing name: String, from value: JSONValue?, urn: String?) {
    let first = value?.array.map { $0.first ?? .null } ?? value
    let type: Attribute.DataType =
      switch first {
      case .bool: .boolean
      case .number: .decimal
      case .object: .complex
      case .string, .array, .null, nil: .string
      }
    self.init(Attribute(name, type, isMultiValued: value?.array != nil, isCaseExact: true), urn: urn)
  }

  /// Whether the live value can be read at all, so that its absence means something (RFC 7643 section 7, `returned`).
  func isVisible(_ live: JSONValue?) -> Bool {
    if attribute.mutability == .writeOnly || attribute.returned == .never { return false }
    return live != nil || attribute.returned != .request
  }

  /// The rule of a part of a complex attribute; nil when the schema lists parts and this is not one of them.
  func subAttribute(_ name: String) -> Attribute? { attribute.part(name) }

  func subPath(_ name: String) -> AttributePath {
    AttributePath(schema: path.schema, path.attribute, sub: name)
  }
}

extension JSONValue {
  /// Absent, null and the empty list mean the same (RFC 7643 section 2.5).
  var isUnassigned: Bool {
    switch self {
    case .null: true
    case .array(let elements): elements.isEmpty
    case .bool, .number, .string, .object: false
    }
  }
}
