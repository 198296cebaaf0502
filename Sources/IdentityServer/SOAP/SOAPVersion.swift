import XML

/// How a message is wrapped.
enum SOAPVersion: Hashable, Sendable, CaseIterable {
  case soap11, soap12
  /// Without an envelope, as the port with the HTTP binding of WSDL 1.1 (section 4) has it.
  case plain

  /// The namespace of the envelope; that of a bare fault is SOAP 1.1's.
  var envelopeNamespace: String {
    switch self {
    case .soap11, .plain: "http://schemas.xmlsoap.org/soap/envelope/"
    case .soap12: "http://www.w3.org/2003/05/soap-envelope"
    }
  }

  var contentType: String {
    switch self {
    case .soap11, .plain: "text/xml; charset=utf-8"
    case .soap12: "application/soap+xml; charset=utf-8"
    }
  }

  /// Which version a content type belongs to; nil when it is none of SOAP's.
  init?(mediaType: String) {
    switch mediaType {
    case "text/xml", "application/xml": self = .soap11
    case "application/soap+xml": self = .soap12
    default: return nil
    }
  }
}

/// A message: the element within its body, and how it was wrapped.
struct SOAPMessage: Hashable, Sendable {
  let version: SOAPVersion
  let content: MessageElement

  /// - Parameter takesPlain: whether a document without an envelope is the content itself.
  /// - Throws: ``SOAPFault`` for an envelope of another version, without a body, or with a header that must be understood.
  init(_ root: MessageElement, takesPlain: Bool) throws(SOAPFault) {
    let versions: [SOAPVersion] = [.soap11, .soap12]
    if root.name != "Envelope", takesPlain {
      self.init(version: .plain, content: root)
      return
    }
    guard root.name == "Envelope" else { throw .client("The message must be a SOAP envelope.") }
    guard let version = versions.first(where: { $0.envelopeNamespace == root.namespace }) else {
      throw SOAPFault(.versionMismatch, "The envelope is of neither SOAP 1.1 nor SOAP 1.2.")
    }
    let parts = root.children.filter { $0.namespace == root.namespace }
    if let header = parts.first(where: { $0.name == "Header" })?.children.first(where: Self.mustBeUnderstood) {
      throw SOAPFault(.mustUnderstand, "The header \(header.name) is not understood here.")
    }
    guard let content = parts.first(where: { $0.name == "Body" })?.children.first else {
      throw .client("The envelope has no body, or an empty one.")
    }
    self.init(version: version, content: content)
  }

  private init(version: SOAPVersion, content: MessageElement) {
    self.version = version
    self.content = content
  }

  /// Whether the sender wants an answer only from who heeds the header block (SOAP 1.1 section 4.2.3); one for another
  /// node on the way is none of ours.
  private static func mustBeUnderstood(_ block: MessageElement) -> Bool {
    guard block.attribute("actor") == nil, block.attribute("role") == nil else { return false }
    return block.attribute("mustUnderstand").map { $0 == "1" || $0 == "true" } ?? false
  }
}
