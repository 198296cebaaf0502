import NIOHTTP1
import XML

/// One request of SPML 2.0, with the envelope of SOAP 1.1 around it (SPML 2.0 profile, document/literal).
struct SPMLRequest: Sendable {
  /// The name of the element: `addRequest`.
  let name: String
  /// What the provider is to know the request by; it asks for the outcome of one that is put off by this.
  let id: String
  /// What sending it twice may do.
  let effect: RetryPolicy.Effect
  /// Values that no message may repeat.
  let secrets: [String]
  private let document: String

  /// - Parameters:
  ///   - namespace: of the request itself.
  ///   - others: whose prefixes its content uses besides.
  ///   - attributes: those that are nil are left out.
  init(
    _ name: String, _ namespace: XMLNamespace, _ others: [XMLNamespace] = [], id: String,
    effect: RetryPolicy.Effect = .repeatableWrite, secrets: [String] = [],
    _ attributes: [(key: String, value: String?)] = [], content: (inout XMLWriter) -> Void = { _ in }
  ) {
    self.name = name
    self.id = id
    self.effect = effect
    // What echoes them may do so in XML.
    self.secrets = secrets + secrets.map(XMLWriter.escaped)
    let common: [(key: String, value: String?)] = [("requestID", id), ("executionMode", "synchronous")]
    var writer = XMLWriter()
    writer.elementDeclaring("soapenv:Envelope", [SPMLNamespace.envelope]) { writer in
      writer.element("soapenv:Body") { writer in
        writer.elementDeclaring(
          "\(namespace.prefix):\(name)", [namespace] + others, common + attributes, content: content)
      }
    }
    document = writer.text
  }

  /// The request over HTTP; a fault is told with status 500 (SOAP 1.1 section 6.2), and is an answer too.
  var http: EndpointRequest {
    var request = EndpointRequest(.POST, "", secrets: secrets)
    request.content = EndpointRequest.Content(mediaType: MessageFormat.soap11.contentType, bytes: Array(document.utf8))
    request.expected = [500]
    request.effect = effect
    return request
  }
}
