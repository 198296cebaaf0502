import HTTPTypes
import HummingbirdCore
import NIOCore
import SCIM
import XML

extension Response {
  static func xml(
    _ status: HTTPResponse.Status, _ document: String, contentType: String, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = contentType
    headers[.cacheControl] = "private, no-cache"
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: document)))
  }

  /// The answer of an operation; 202 without a body for one that answers nothing, as WSO2 does it.
  static func answer(_ value: SOAPValue, to operation: UserStoreOperation, _ version: SOAPVersion) -> Response {
    guard let field = operation.returns else { return Response(status: .accepted) }
    var writer = XMLWriter()
    let write = { (writer: inout XMLWriter) in
      let namespaces = SOAPNamespace.allCases.map(\.declaration) + [.schemaInstance]
      writer.elementDeclaring("\(SOAPNamespace.service.prefix):\(operation.responseName)", namespaces) {
        $0.write(value, as: field, in: .service)
      }
    }
    if version == .plain { write(&writer) } else { writer.envelope(version, write) }
    return .xml(.ok, writer.text, contentType: version.contentType)
  }

  /// A fault, which HTTP calls an error of the server whoever is to blame (SOAP 1.1 section 6.2).
  static func soap(_ fault: SOAPFault, _ version: SOAPVersion) -> Response {
    .xml(.internalServerError, fault.document(version), contentType: version.contentType)
  }

  /// A refusal that says more by its status than any fault: it keeps it, and its headers.
  static func soap(_ refusal: Refusal, _ version: SOAPVersion) -> Response {
    let fault = SOAPFault(refusal.error.status < 500 ? .client : .server, refusal.error.detail)
    return .xml(
      HTTPResponse.Status(code: refusal.error.status), fault.document(version), contentType: version.contentType,
      headers: refusal.headers)
  }
}

extension Request {
  /// Which version of SOAP the content type belongs to, and its charset; nil where it is not said.
  /// - Throws: `SCIMError` 415 for a content type that is none of SOAP's.
  func xmlContentType() throws(SCIMError) -> (SOAPVersion?, charset: String?) {
    guard let header = headers[.contentType] else { return (nil, nil) }
    let parts = header.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
    guard let media = parts.first, let version = SOAPVersion(mediaType: media.lowercased()) else {
      throw SCIMError(status: 415, nil, "The content type must be text/xml or application/soap+xml.")
    }
    let charset = parts.dropFirst().first { $0.lowercased().hasPrefix("charset=") }
      .map { $0.dropFirst("charset=".count).filter { $0 != "\"" } }
    return (version, charset.map { String($0) })
  }
}
