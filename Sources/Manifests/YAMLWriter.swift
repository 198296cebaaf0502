import JSON

/// Writes values as YAML documents in block style, in the order given; reading them back yields the same values, with
/// YAML 1.1 and 1.2 readers alike.
package struct YAMLWriter {
  /// The longest implicit key that every reader takes, in characters (YAML 1.2 section 7.4.2 allows 1024).
  private static let keyLimit = 1000

  /// The documents written so far.
  package private(set) var text = ""

  package init() {}

  /// Appends a document, after a `---` unless it is the first.
  package mutating func append(_ document: JSONValue) {
    if !text.isEmpty { text += "---\n" }
    write(document, indent: 0)
    text += "\n"
  }

  /// Writes a value whose first line begins at the current place, its further lines at `indent` columns.
  private mutating func write(_ value: JSONValue, indent: Int) {
    switch value {
    case .object(let object) where !object.isEmpty: write(object, indent: indent)
    case .array(let items) where !items.isEmpty: write(items, indent: indent)
    case .object: text += "{}"
    case .array: text += "[]"
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let number): text += YAMLText.number(number)
    case .string(let string): text += YAMLText(string).scalar(indent: max(indent, 2))
    }
  }

  private mutating func write(_ object: JSONObject, indent: Int) {
    for (index, member) in object.members.enumerated() {
      if index > 0 { breakLine(indent: indent) }
      write(key: member.key, indent: indent)
      if member.value.isBlock { breakLine(indent: indent + 2) } else { text += " " }
      write(member.value, indent: indent + 2)
    }
  }

  private mutating func write(_ items: [JSONValue], indent: Int) {
    for (index, item) in items.enumerated() {
      if index > 0 { breakLine(indent: indent) }
      text += "- "
      write(item, indent: indent + 2)
    }
  }

  /// A long key must be announced by `?`.
  private mutating func write(key: String, indent: Int) {
    let key = YAMLText(key).inline
    guard key.utf8.count > Self.keyLimit else {
      text += key + ":"
      return
    }
    text += "? " + key
    breakLine(indent: indent)
    text += ":"
  }

  private mutating func breakLine(indent: Int) {
    text += "\n"
    text.append(contentsOf: repeatElement(" ", count: indent))
  }
}

extension JSONValue {
  /// A collection with something in it, which takes lines of its own.
  fileprivate var isBlock: Bool {
    switch self {
    case .object(let object): !object.isEmpty
    case .array(let items): !items.isEmpty
    default: false
    }
  }
}
