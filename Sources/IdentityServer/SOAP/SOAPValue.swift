import XML

/// A value of a message.
indirect enum SOAPValue: Hashable, Sendable {
  case null
  case text(String)
  case boolean(Bool)
  case number(Int)
  case list([SOAPValue])
  case structure([String: SOAPValue])

  static func texts(_ texts: [String]) -> SOAPValue { .list(texts.map(SOAPValue.text)) }

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  var number: Int? { if case .number(let value) = self { value } else { nil } }
  var list: [SOAPValue] { if case .list(let values) = self { values } else { [] } }
  subscript(name: String) -> SOAPValue {
    if case .structure(let members) = self { members[name] ?? .null } else { .null }
  }
}

extension SOAPValue {
  /// The fields that an element holds, whatever their order, prefixes and namespaces; what no field has the name of is
  /// ignored. A field that is absent or nil is null, a repeated one an empty list.
  /// - Throws: ``SOAPFault`` for a text that is no value of its type.
  static func fields(_ fields: [SOAPField], of element: MessageElement) throws(SOAPFault) -> [String: SOAPValue] {
    let children = Dictionary(grouping: element.children, by: \.name)
    var values: [String: SOAPValue] = [:]
    for field in fields {
      var read: [SOAPValue] = []
      for child in children[field.name] ?? [] where !child.isNil { read.append(try value(of: child, field)) }
      values[field.name] = field.isRepeated ? .list(read) : read.last ?? .null
    }
    return values
  }

  private static func value(of element: MessageElement, _ field: SOAPField) throws(SOAPFault) -> SOAPValue {
    let word = element.text.filter { !$0.isWhitespace }
    switch field.type {
    case .string: return .text(element.text)
    case .structure(let structure): return .structure(try fields(structure.fields, of: element))
    case .boolean:
      switch word {
      case "true", "1": return .boolean(true)
      case "false", "0": return .boolean(false)
      default: throw .client("\(field.name) must be true or false.")
      }
    case .int:
      guard let number = Int32(word) else { throw .client("\(field.name) must be a whole number of 32 bits.") }
      return .number(Int(number))
    case .long:
      guard let number = Int(word) else { throw .client("\(field.name) must be a whole number of 64 bits.") }
      return .number(number)
    }
  }
}

extension XMLWriter {
  /// The value as the field of an element in this namespace: once, or as often as there are values in its list.
  mutating func write(_ value: SOAPValue, as field: SOAPField, in namespace: SOAPNamespace) {
    let name = "\(namespace.prefix):\(field.name)"
    switch value {
    case .null where field.isRepeated: break
    case .null: empty(name, ["xsi:nil": "true"])
    case .text(let text): leaf(name, text)
    case .boolean(let value): leaf(name, value ? "true" : "false")
    case .number(let number): leaf(name, String(number))
    case .list(let values): for value in values { write(value, as: field, in: namespace) }
    case .structure(let members):
      guard case .structure(let structure) = field.type else { return empty(name) }
      element(name) { writer in
        for field in structure.fields {
          guard let member = members[field.name] else { continue }
          writer.write(member, as: field, in: structure.namespace)
        }
      }
    }
  }
}
