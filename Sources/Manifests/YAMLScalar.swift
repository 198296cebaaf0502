import JSON
import SCIM

/// What the text of a scalar means: the schema's type decides, by the rules of the YAML 1.2 core schema.
///
/// So `no`, `on`, `007`, `1e3` and `2026-01-01` stay text where text is expected, and are refused, never guessed at,
/// where they do not fit.
package enum YAMLScalar {
  /// The value of a scalar where an attribute of this type is expected; an unquoted null is null for every type.
  ///
  /// - Throws: what is wrong, and what to write instead.
  package static func value(
    _ text: String, isPlain: Bool, as type: Attribute.DataType
  ) throws(YAMLScalarError) -> JSONValue {
    if isPlain, isNull(text) { return .null }
    switch type {
    case .string, .binary, .reference: return .string(text)
    case .boolean: return .bool(try unquoted(text, isPlain, boolean, "true or false", hint: booleanHint))
    case .integer: return .number(try unquoted(text, isPlain, integer, "a whole number", hint: integerHint))
    case .decimal: return .number(try unquoted(text, isPlain, decimal, "a number", hint: decimalHint))
    case .dateTime:
      guard isDateTime(text) else {
        throw YAMLScalarError("'\(text)' is not a date and time", hint: dateTimeHint(text))
      }
      return .string(text)
    case .complex: throw YAMLScalarError("'\(text)' stands where a mapping is expected", hint: nil)
    }
  }

  /// The value of a scalar of which no schema knows the type: what the core schema takes it for. Infinities and NaN,
  /// which JSON does not have, stay text.
  package static func inferred(_ text: String, isPlain: Bool) -> JSONValue {
    guard isPlain else { return .string(text) }
    if isNull(text) { return .null }
    if let value = boolean(text) { return .bool(value) }
    return decimal(text).map(JSONValue.number) ?? .string(text)
  }

  /// `null`, `Null`, `NULL`, `~` or nothing; only an unquoted scalar means null by it.
  package static func isNull(_ text: String) -> Bool {
    switch text {
    case "", "~", "null", "Null", "NULL": true
    default: false
    }
  }

  /// `true` and `false`, also capitalised or in capitals; nil for `yes`, `on` and the like.
  package static func boolean(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  private static func unquoted<Value>(
    _ text: String, _ isPlain: Bool, _ parse: (String) -> Value?, _ expected: String, hint: (String) -> String?
  ) throws(YAMLScalarError) -> Value {
    let value = parse(text)
    if isPlain, let value { return value }
    throw YAMLScalarError("'\(text)' is not \(expected)", hint: value == nil ? hint(text) : "remove the quotes")
  }
}

/// Why a scalar is not a value of the type that the schema expects.
package struct YAMLScalarError: Error, Hashable, Sendable {
  package var message: String
  /// What to write instead, when that is clear.
  package var hint: String?

  package init(_ message: String, hint: String?) {
    self.message = message
    self.hint = hint
  }
}

extension YAMLScalar {
  private static func booleanHint(_ text: String) -> String? {
    switch text.lowercased() {
    case "yes", "y", "on", "1": "write true"
    case "no", "n", "off", "0": "write false"
    default: nil
    }
  }

  private static func integerHint(_ text: String) -> String? {
    if decimal(text) != nil { return "write the number without '.' and without exponent" }
    return decimalHint(text)
  }

  private static func decimalHint(_ text: String) -> String? {
    if integer(text.filter { $0 != "_" && $0 != "," }) != nil { return "write the digits without separators" }
    return text.lowercased().contains("inf") || text.lowercased() == ".nan" ? "numbers must be finite" : nil
  }

  private static func dateTimeHint(_ text: String) -> String {
    if isDateTime(text + "T00:00:00Z") { return "write the time too: \(text)T00:00:00Z" }
    if isDateTime(text + "Z") { return "write the offset too: \(text)Z" }
    let joined = text.replacing(" ", with: "T", maxReplacements: 1)
    return isDateTime(joined) ? "write \(joined)" : "write it as 2026-12-31T23:59:59Z"
  }
}
