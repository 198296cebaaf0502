/// Writes a document element by element.
package struct XMLWriter {
  /// What is written so far.
  package private(set) var text: String

  /// A writer that has written the XML declaration, or what a document begins with instead.
  package init(_ prologue: StaticString = #"<?xml version="1.0" encoding="UTF-8"?>"#) { text = "\(prologue)" }

  /// An element with what the closure writes into it.
  package mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], content: (inout XMLWriter) -> Void
  ) {
    start(name, attributes)
    text += ">"
    content(&self)
    text += "</\(name)>"
  }

  /// An element that declares the prefixes of these namespaces.
  package mutating func elementDeclaring(
    _ name: String, _ namespaces: [XMLNamespace], _ attributes: [(key: String, value: String?)] = [],
    content: (inout XMLWriter) -> Void
  ) {
    start(name, attributes)
    for namespace in namespaces { text += " xmlns:\(namespace.prefix)=\"\(Self.escaped(namespace.uri))\"" }
    text += ">"
    content(&self)
    text += "</\(name)>"
  }

  /// An element without content.
  package mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:]) {
    start(name, attributes)
    text += "/>"
  }

  /// An element with text.
  package mutating func leaf(_ name: String, _ content: String, _ attributes: KeyValuePairs<String, String?> = [:]) {
    element(name, attributes) { $0.text += Self.escaped(content) }
  }

  /// Text among elements.
  package mutating func characters(_ content: String) { text += Self.escaped(content) }

  /// What is markup already: only what stands in the source of the program can be.
  package mutating func verbatim(_ markup: StaticString) { text += "\(markup)" }

  /// Attributes whose value is nil are left out.
  private mutating func start(_ name: String, _ attributes: some Sequence<(key: String, value: String?)>) {
    text += "<\(name)"
    for (key, value) in attributes {
      guard let value else { continue }
      text += " \(key)=\"\(Self.escaped(value))\""
    }
  }

  /// The text as character data and attribute values hold it. What XML 1.0 cannot hold at all (section 2.2: most control
  /// characters, U+FFFE, U+FFFF) becomes U+FFFD, the replacement character: a name with such a character must not make
  /// the whole answer unreadable.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.unicodeScalars.reserveCapacity(text.unicodeScalars.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      // A parser would read them as other white space than they are.
      case "\r", "\n", "\t": escaped += "&#\(scalar.value);"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped.unicodeScalars.append("\u{FFFD}")
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
