import NIOCore
import NIOHTTP1
import XML

/// The response to a request: the element within the envelope's body, which may tell of success or of nothing final yet.
struct SPMLResponse: Sendable {
  /// What a large answer may hold: a group of a hundred thousand has as many values.
  private static let limits = XMLBounds.Limits(maxDepth: 64, maxElements: 5_000_000, maxTagLength: 1 << 16)

  let element: MessageElement

  /// - Throws: what a failure or a fault means; `malformed` for what is no answer to the request.
  init(_ answer: EndpointResponse, to request: SPMLRequest) throws(EndpointError) {
    guard let root = Self.document(answer), root.name == "Envelope" else {
      throw EndpointError(notSPML: answer)
    }
    guard let content = root["Body"]?.children.first else {
      throw EndpointError(.malformed, status: answer.status, "the provider answered an envelope without a body")
    }
    if content.name == "Fault" {
      throw EndpointError(fault: content, in: answer, secrets: request.secrets)
    }
    try self.init(content, to: request, status: answer.status)
  }

  /// - Parameter status: of the HTTP answer.
  init(_ element: MessageElement, to request: SPMLRequest, status: Int = 200) throws(EndpointError) {
    let expected = request.name.replacing("Request", with: "Response")
    guard element.name == expected else {
      throw EndpointError(
        .malformed, status: status, "the provider answered \(MessageText.oneLine(element.name)) to \(request.name)")
    }
    self.element = element
    switch element.attribute("status") {
    case "success", "pending": break
    case "failure": throw EndpointError(spml: element, status: status, secrets: request.secrets)
    default: throw EndpointError(.malformed, status: status, "\(expected) says neither success nor failure")
    }
  }

  /// Whether the provider has put the request off.
  var isPending: Bool { element.attribute("status") == "pending" }

  private static func document(_ answer: EndpointResponse) -> MessageElement? {
    let type = answer.headers.first(name: "content-type") ?? ""
    let charset = type.split(separator: ";").dropFirst().map { $0.filter { !$0.isWhitespace && $0 != "\"" } }
      .first { $0.lowercased().hasPrefix("charset=") }
    return try? MessageElement(
      parsing: Array(answer.body.readableBytesView), charset: charset.map { String($0.dropFirst("charset=".count)) },
      limits: limits)
  }
}

extension EndpointError {
  /// Reads an answer that is no SOAP: of a gateway, or at an address that nobody of SPML listens at.
  fileprivate init(notSPML answer: EndpointResponse) {
    guard (200..<300).contains(answer.status) else {
      self.init(status: answer.status, headers: answer.headers, body: answer.body.readableBytesView)
      return
    }
    let excerpt = MessageText.excerpt(of: answer.body.readableBytesView)
    self.init(.malformed, status: answer.status, "the provider answered something that is not SPML: \(excerpt)")
  }
}
