import JSON

/// One comparison with its operand converted to the attribute's type.
struct ValueTest: Sendable {
  /// The operator and the attribute do not go together.
  struct Mismatch: Error {
    let reason: String
  }

  private enum Operand {
    case exactText(String)
    /// In lower case.
    case foldedText(String)
    case number(JSONNumber)
    case bool(Bool)
    case instant(DateTime)
  }

  private let comparison: Filter.Comparison
  private let operand: Operand

  /// Without an attribute, text compares without regard to case.
  init(_ comparison: Filter.Comparison, _ operand: JSONValue, attribute: Attribute?) throws(Mismatch) {
    self.comparison = comparison
    if let objection = comparison.objection(to: operand) { throw Mismatch(reason: objection) }
    if comparison.isOrder, let type = attribute?.type, type == .boolean || type == .binary {
      throw Mismatch(reason: "\(type.rawValue) values have no order")
    }
    self.operand = try Self.convert(operand, for: comparison, attribute)
  }

  private static func convert(
    _ operand: JSONValue, for comparison: Filter.Comparison, _ attribute: Attribute?
  ) throws(Mismatch) -> Operand {
    switch operand {
    case .number(let number): return .number(number)
    case .bool(let value): return .bool(value)
    case .string(let text):
      let isWhole = comparison.isOrder || comparison == .equal || comparison == .notEqual
      if attribute?.type == .dateTime, isWhole {
        guard let instant = DateTime(text) else { throw Mismatch(reason: "\"\(text)\" is not a date and time") }
        return .instant(instant)
      }
      // Entra ID writes `active eq "True"`.
      if attribute?.type == .boolean, let value = Bool(text.lowercased()) { return .bool(value) }
      return attribute?.isCaseExact == true ? .exactText(text) : .foldedText(text.lowercased())
    case .null, .array, .object: throw Mismatch(reason: "cannot compare with \(operand.text)")
    }
  }

  /// Whether a value passes; a complex one is judged by its `value`. A value of another type is only ever unequal.
  func matches(_ candidate: JSONValue) -> Bool {
    let value = candidate.object.map { $0.value(ignoringCase: "value") ?? .null } ?? candidate
    switch (operand, value) {
    case (.exactText(let operand), .string(let text)): return compare(text: text, with: operand)
    case (.foldedText(let operand), .string(let text)): return compare(text: text.lowercased(), with: operand)
    case (.number(let operand), .number(let number)): return compare(number, with: operand)
    case (.bool(let operand), .bool(let value)): return (value == operand) == (comparison == .equal)
    case (.instant(let operand), .string(let text)):
      guard let instant = DateTime(text) else { return comparison == .notEqual }
      return compare(instant, with: operand)
    default: return comparison == .notEqual
    }
  }

  private func compare(text: String, with operand: String) -> Bool {
    switch comparison {
    // By bytes: a combining mark behind the match must not hide it.
    case .contains: text.utf8.contains(run: operand.utf8)
    case .startsWith: text.utf8.starts(with: operand.utf8)
    case .endsWith: text.utf8.reversed().starts(with: operand.utf8.reversed())
    default: compare(text, with: operand)
    }
  }

  private func compare<Value: Comparable>(_ value: Value, with operand: Value) -> Bool {
    switch comparison {
    case .equal: value == operand
    case .notEqual: value != operand
    case .greaterThan: value > operand
    case .greaterOrEqual: value >= operand
    case .lessThan: value < operand
    case .lessOrEqual: value <= operand
    case .contains, .startsWith, .endsWith: false
    }
  }
}

extension String.UTF8View {
  fileprivate func contains(run: String.UTF8View) -> Bool {
    guard let first = run.first else { return true }
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: run) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
