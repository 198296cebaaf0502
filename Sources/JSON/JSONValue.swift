/// A JSON value (RFC 8259).
///
/// Numbers keep the digits they were written with, so a 64-bit identifier or a long decimal survives a round trip.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

/// A number kept as its JSON literal; two numbers are equal when their values are (`1` and `1.0`, `1e3` and `1000`).
package struct JSONNumber: Sendable {
  /// The literal, valid by RFC 8259 section 6.
  package let literal: String

  /// A number from a literal that the caller knows to be valid JSON.
  package init(validLiteral literal: String) { self.literal = literal }

  package init(_ value: Int) { self.literal = String(value) }

  /// The value when it is a whole number that fits; what is written with a fraction or an exponent is read as a double.
  package var int: Int? { Int(literal) ?? Int(exactly: double) }

  /// The nearest double; infinite when the literal is out of range.
  package var double: Double { Double(literal) ?? .nan }
}

extension JSONNumber: Hashable, Comparable {
  package static func == (a: JSONNumber, b: JSONNumber) -> Bool {
    a.literal == b.literal || a.magnitude == b.magnitude
  }

  package static func < (a: JSONNumber, b: JSONNumber) -> Bool {
    if let a = a.int, let b = b.int { a < b } else { a.double < b.double }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(magnitude) }

  /// Whole numbers compare exactly, the rest as doubles.
  private var magnitude: Magnitude { int.map(Magnitude.int) ?? .double(double) }

  private enum Magnitude: Hashable { case int(Int), double(Double) }
}

extension JSONValue {
  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var number: JSONNumber? { if case .number(let value) = self { value } else { nil } }
  package var int: Int? { number?.int }
  package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
  package var isNull: Bool { if case .null = self { true } else { false } }

  /// The member of an object; nil for every other value.
  package subscript(key: String) -> JSONValue? { object?[key] }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
}
