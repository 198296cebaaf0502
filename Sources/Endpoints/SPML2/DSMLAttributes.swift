import Foundation
import XML

/// The attributes of an object as the DSML v2 profile has them: names, compared without regard to case, each with its
/// values in the order in which they came.
struct DSMLAttributes: Hashable, Sendable {
  /// The attribute that tells the class of an object.
  static let objectClass = "objectclass"

  /// The names as they are written, in their order.
  private(set) var names: [String] = []
  private var values: [String: [String]] = [:]

  init() {}

  /// No values takes the attribute away.
  subscript(name: String) -> [String] {
    get { values[name.lowercased()] ?? [] }
    set {
      let key = name.lowercased()
      if values.updateValue(newValue, forKey: key) == nil { names.append(name) }
      guard newValue.isEmpty else { return }
      values[key] = nil
      names.removeAll { $0.lowercased() == key }
    }
  }
}

extension DSMLAttributes {
  /// Reads the `attr` elements of a `data` element, whatever their namespaces and prefixes.
  init(_ data: MessageElement?) {
    for attribute in data?.children ?? [] where attribute.name == "attr" {
      guard let name = attribute.attribute("name") else { continue }
      self[name] += attribute.children.filter { $0.name == "value" }.map(Self.text)
    }
  }

  /// Values that XML cannot hold come in base64 (DSML v2 section 2.1); what is no text even then stays as it is written.
  private static func text(of value: MessageElement) -> String {
    guard let type = value.attribute("type"), type.hasSuffix("base64Binary"),
      let bytes = Data(base64Encoded: value.text.filter { !$0.isWhitespace }),
      let text = String(validating: bytes, as: UTF8.self)
    else { return value.text }
    return text
  }

  /// Writes the attributes as the content of a `data` element.
  func write(to writer: inout XMLWriter) {
    for name in names {
      writer.element("dsml:attr", ["name": name]) { writer in
        for value in self[name] { writer.leaf("dsml:value", value) }
      }
    }
  }
}

/// One change of an attribute (SPML 2.0 profile for DSML v2).
struct DSMLModification: Hashable, Sendable {
  enum Operation: String, Hashable, Sendable { case add, replace, delete }

  let name: String
  let operation: Operation
  /// None, for a `delete` of the whole attribute.
  var values: [String] = []

  init(_ operation: Operation, _ name: String, _ values: [String] = []) {
    self.operation = operation
    self.name = name
    self.values = values
  }

  /// Whether it speaks of single values, and leaves the others.
  var isAboutValues: Bool { operation == .add || (operation == .delete && !values.isEmpty) }

  func write(to writer: inout XMLWriter) {
    writer.element("spml:modification") { writer in
      let attributes: KeyValuePairs<String, String?> = ["name": name, "operation": operation.rawValue]
      guard !values.isEmpty else { return writer.empty("dsml:modification", attributes) }
      writer.element("dsml:modification", attributes) { writer in
        for value in values { writer.leaf("dsml:value", value) }
      }
    }
  }
}
