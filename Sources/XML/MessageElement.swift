import Foundation
import FoundationXML

/// An element of a message, its name apart from whatever prefix the sender gave it.
package struct MessageElement: Hashable, Sendable {
  /// Without the prefix.
  package let name: String
  /// Empty when the element is in no namespace.
  package let namespace: String
  /// By name, with the prefix that the sender gave it.
  package let attributes: [String: String]
  /// The elements directly in it, in their order.
  package fileprivate(set) var children: [MessageElement] = []
  /// All character data directly in the element.
  package fileprivate(set) var text = ""

  /// The value of an attribute in whatever namespace, which the prefix alone tells.
  package func attribute(_ name: String) -> String? {
    attributes.first { $0.key == name || $0.key.hasSuffix(":" + name) }?.value
  }

  /// Whether the sender says that there is no value (`xsi:nil`, XML Schema part 1 section 2.6.2).
  package var isNil: Bool { attribute("nil").map { $0 == "true" || $0 == "1" } ?? false }

  /// The first element of this name directly in it, in whatever namespace.
  package subscript(name: String) -> MessageElement? { children.first { $0.name == name } }

  /// The root of a document.
  /// - Parameter charset: of the content type, when it names one.
  /// - Throws: ``XMLFailure`` for what is not well-formed or exceeds the limits.
  package init(
    parsing bytes: [UInt8], charset: String?, limits: XMLBounds.Limits = XMLBounds.Limits()
  ) throws(XMLFailure) {
    let text = try XMLText.decoded(bytes, charset: charset)
    try XMLBounds.check(text, limits)
    self = try MessageParser.root(of: text)
  }

  fileprivate init(name: String, namespace: String, attributes: [String: String]) {
    self.name = name
    self.namespace = namespace
    self.attributes = attributes
  }
}

/// Gathers the elements that the system's parser reports. Only for documents that ``XMLBounds`` has let pass: that parser
/// crashes on others, so nothing else may call it.
private final class MessageParser: NSObject, XMLParserDelegate {
  private var open: [MessageElement] = []
  private var root: MessageElement?
  private var failure: XMLFailure?

  static func root(of text: String) throws(XMLFailure) -> MessageElement {
    let gatherer = MessageParser()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = gatherer
    parser.shouldProcessNamespaces = true
    parser.shouldResolveExternalEntities = false
    // What it returns says little: it is true for tags that do not match.
    let isParsed = parser.parse()
    if let failure = gatherer.failure { throw failure }
    guard isParsed, gatherer.open.isEmpty, let root = gatherer.root else {
      throw XMLFailure("it is not well-formed XML")
    }
    return root
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    open.append(MessageElement(name: name, namespace: namespaceURI ?? "", attributes: attributes))
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard let element = open.popLast() else { return }
    if open.isEmpty {
      root = element
    } else {
      open[open.count - 1].children.append(element)
    }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard !open.isEmpty else { return }
    open[open.count - 1].text += text
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    guard !open.isEmpty else { return }
    open[open.count - 1].text += String(decoding: block, as: UTF8.self)
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    guard failure == nil else { return }
    failure = XMLFailure("it is not well-formed XML at line \(parser.lineNumber), column \(parser.columnNumber)")
    // It would go on and report what the document does not say.
    parser.abortParsing()
  }
}
