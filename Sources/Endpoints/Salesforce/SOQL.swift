/// One query of Salesforce's object query language. Values stand in it as literals, which they cannot leave.
struct SOQL: Hashable, Sendable {
  enum Condition: Hashable, Sendable {
    case equals(String, String)
    case flag(String, Bool)
  }

  let fields: [String]
  let object: String
  let conditions: [Condition]

  /// - Parameters:
  ///   - fields: names of fields as Salesforce spells them, never what somebody wrote.
  ///   - object: the name of an sObject.
  init(_ fields: [String], from object: String, where conditions: [Condition] = []) {
    self.fields = fields
    self.object = object
    self.conditions = conditions
  }

  /// The text to be sent.
  var text: String {
    let select = "SELECT \(fields.joined(separator: ", ")) FROM \(object)"
    guard !conditions.isEmpty else { return select }
    return "\(select) WHERE \(conditions.map(Self.text).joined(separator: " AND "))"
  }

  private static func text(_ condition: Condition) -> String {
    switch condition {
    case .equals(let field, let value): "\(field) = \(literal(value))"
    case .flag(let field, let value): "\(field) = \(value)"
    }
  }

  /// A text between quotation marks. What could end the literal, or is no character to be printed, is escaped (SOQL and
  /// SOSL Reference, "Quoted String Escape Sequences").
  static func literal(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "'") { $0 += escaped($1) } + "'"
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "'", "\\", "\"": "\\\(scalar)"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where scalar.properties.generalCategory == .control:
      "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
        + String(scalar.value, radix: 16, uppercase: true)
    default: String(scalar)
    }
  }
}
