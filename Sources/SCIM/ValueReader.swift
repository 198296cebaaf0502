import JSON

/// Reads values by their schema: checks types, spells names as the schema does, leaves out what is unassigned or
/// read-only, and forgives what clients are known to send (booleans as strings, single values without brackets).
struct ValueReader {
  /// A caller who errs a thousand times is told of the first hundred.
  private static let maxProblems = 100

  let unknown: ResourceValidator.UnknownAttributes
  private(set) var problems: [ResourceProblem] = []
  /// Where the reader is, joined only when there is something to tell: most values are in order.
  private var path: [String]

  init(unknown: ResourceValidator.UnknownAttributes, path: [String] = []) {
    self.unknown = unknown
    self.path = path
  }

  mutating func report(_ message: String, at name: String? = nil, _ kind: SCIMError.Kind = .invalidValue) {
    guard problems.count < Self.maxProblems else { return }
    problems.append(ResourceProblem(kind, at: (path + [name].compactMap { $0 }).joined(), message))
  }

  /// The value of an attribute; nil when it is unassigned or wrong.
  mutating func read(_ value: JSONValue, as attribute: Attribute) -> JSONValue? {
    if value.isNull { return nil }
    guard attribute.isMultiValued else {
      // One value in brackets is the value; more have no place here.
      guard case .array(let elements) = value else { return readSingle(value, as: attribute) }
      if elements.count == 1 { return readSingle(elements[0], as: attribute) }
      if !elements.isEmpty { report("must be a single value") }
      return nil
    }
    let elements = readElements(value.array ?? [value], of: attribute)
    return elements.isEmpty ? nil : .array(elements)
  }

  private mutating func readElements(_ elements: [JSONValue], of attribute: Attribute) -> [JSONValue] {
    var result: [JSONValue] = []
    result.reserveCapacity(elements.count)
    var primaries = 0
    for (index, element) in elements.enumerated() {
      path.append("[\(index)]")
      if let value = readSingle(element, as: attribute) {
        result.append(value)
        if value["primary"] == .bool(true) { primaries += 1 }
      }
      path.removeLast()
    }
    if primaries > 1 { report("must have no more than one primary value") }
    return result
  }

  /// One value of a multi-valued attribute, or the value of a singular one.
  mutating func readSingle(_ value: JSONValue, as attribute: Attribute) -> JSONValue? {
    if value.isNull { return nil }
    switch attribute.type {
    case .complex: return readComplex(value, as: attribute)
    case .boolean:
      if let flag = value.bool ?? value.string.flatMap({ Bool($0.lowercased()) }) { return .bool(flag) }
    // However the client wrote it: an integer has no fraction and no exponent (RFC 7643 section 2.3.4).
    case .integer: if let int = value.int { return .number(JSONNumber(int)) }
    case .decimal: if value.number != nil { return value }
    case .dateTime: if let text = value.string, DateTime(text) != nil { return value }
    case .binary: if let text = value.string, text.utf8.allSatisfy(Self.isBase64) { return value }
    case .string, .reference: if value.string != nil { return value }
    }
    report("must be \(attribute.type.noun)")
    return nil
  }

  private mutating func readComplex(_ value: JSONValue, as attribute: Attribute) -> JSONValue? {
    guard let object = value.asComplex(attribute) else {
      report("must be an object")
      return nil
    }
    // A schema that lists no parts leaves them open.
    if attribute.subAttributes.isEmpty { return object.isEmpty ? nil : .object(object) }
    let parts = read(object) { attribute.subAttribute($0) }
    checkRequired(attribute.subAttributes, in: parts)
    return parts.isEmpty ? nil : .object(parts)
  }

  /// The members of an object whose attributes are found by name.
  mutating func read(_ object: JSONObject, attribute find: (String) -> Attribute?) -> JSONObject {
    var members: [JSONObject.Member] = []
    members.reserveCapacity(object.count)
    for member in object.members {
      guard let attribute = find(member.key) else {
        if unknown == .kept { members.append(member) }
        if unknown == .refused { report("is not an attribute that the schema knows", at: separated(member.key)) }
        continue
      }
      guard attribute.mutability != .readOnly else { continue }
      path.append(separated(attribute.name))
      let value = read(member.value, as: attribute)
      path.removeLast()
      if let value { members.append(JSONObject.Member(key: attribute.name, value: value)) }
    }
    return withoutDoubles(members)
  }

  /// Two spellings of one name are one attribute, and then it is not clear which counts.
  private mutating func withoutDoubles(_ members: [JSONObject.Member]) -> JSONObject {
    var seen = Set<String>(minimumCapacity: members.count)
    guard let double = members.first(where: { !seen.insert($0.key).inserted }) else {
      return JSONObject(uniqueMembers: members)
    }
    report("stands there twice", at: separated(double.key))
    return JSONObject(members.map { ($0.key, $0.value) })
  }

  mutating func checkRequired(_ attributes: [Attribute], in object: JSONObject) {
    for attribute in attributes where attribute.isRequired && attribute.mutability != .readOnly {
      if object[attribute.name] == nil { report("is required", at: separated(attribute.name)) }
    }
  }

  private func separated(_ name: String) -> String {
    guard let last = path.last else { return name }
    return (last.hasPrefix("urn:") ? ":" : ".") + name
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
      UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
      true
    default: false
    }
  }
}

extension Attribute.DataType {
  fileprivate var noun: String {
    switch self {
    case .string: "a string"
    case .boolean: "true or false"
    case .decimal: "a number"
    case .integer: "a whole number"
    case .dateTime: "a date and time such as 2026-01-05T08:00:00Z"
    case .binary: "base64 text"
    case .reference: "a URI"
    case .complex: "an object"
    }
  }
}
