import XML

/// A fault: what a SOAP client gets instead of an answer.
struct SOAPFault: Error, Hashable, Sendable {
  /// Whose fault it is, by SOAP 1.1's names (section 4.4.1).
  enum Code: String, Hashable, Sendable {
    case client = "Client"
    case server = "Server"
    case versionMismatch = "VersionMismatch"
    case mustUnderstand = "MustUnderstand"

    /// SOAP 1.2's name (part 1 section 5.4.6).
    var soap12: String {
      switch self {
      case .client: "Sender"
      case .server: "Receiver"
      case .versionMismatch, .mustUnderstand: rawValue
      }
    }
  }

  let code: Code
  let text: String
  /// Whether the user store refused, which the WSDL declares as a fault of every operation.
  let isUserStoreException: Bool

  init(_ code: Code, _ text: String, isUserStoreException: Bool = false) {
    self.code = code
    self.text = text
    self.isUserStoreException = isUserStoreException
  }

  /// A message that cannot be an operation's.
  static func client(_ text: String) -> SOAPFault { SOAPFault(.client, text) }

  /// The name of the fault message and of the element in its detail.
  static let elementName = "RemoteUserStoreManagerServiceUserStoreException"

  /// What that element holds.
  static let detail = SOAPField(SOAPType.userStoreException.name, .structure(SOAPType.userStoreException))

  /// The whole message.
  func document(_ version: SOAPVersion) -> String {
    var writer = XMLWriter()
    switch version {
    case .plain: write(&writer, namespace: version.envelopeNamespace)
    case .soap11: writer.envelope(version) { write(&$0, namespace: nil) }
    case .soap12: writer.envelope(version) { write12(&$0) }
    }
    return writer.text
  }

  /// SOAP 1.1 section 4.4: the parts of a fault are in no namespace.
  private func write(_ writer: inout XMLWriter, namespace: String?) {
    writer.element("soapenv:Fault", ["xmlns:soapenv": namespace]) { writer in
      writer.leaf("faultcode", "soapenv:\(code.rawValue)")
      writer.leaf("faultstring", text)
      if isUserStoreException { writer.element("detail") { writeDetail(&$0) } }
    }
  }

  private func write12(_ writer: inout XMLWriter) {
    writer.element("soapenv:Fault") { writer in
      writer.element("soapenv:Code") { $0.leaf("soapenv:Value", "soapenv:\(code.soap12)") }
      writer.element("soapenv:Reason") { $0.leaf("soapenv:Text", text, ["xml:lang": "en"]) }
      if isUserStoreException { writer.element("soapenv:Detail") { writeDetail(&$0) } }
    }
  }

  private func writeDetail(_ writer: inout XMLWriter) {
    let service = SOAPNamespace.service
    writer.element("\(service.prefix):\(Self.elementName)", ["xmlns:\(service.prefix)": service.rawValue]) { writer in
      writer.empty("\(service.prefix):\(Self.detail.name)")
    }
  }
}

extension XMLWriter {
  /// An envelope with a body.
  mutating func envelope(_ version: SOAPVersion, _ body: (inout XMLWriter) -> Void) {
    element("soapenv:Envelope", ["xmlns:soapenv": version.envelopeNamespace]) { writer in
      writer.element("soapenv:Body", content: body)
    }
  }
}
