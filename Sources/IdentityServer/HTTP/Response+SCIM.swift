import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import SCIM

extension Response {
  /// An answer of the SCIM service (RFC 7644 section 8.1).
  static func scim(_ status: HTTPResponse.Status, _ body: ByteBuffer, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers.append(HTTPField(name: .contentType, value: "application/scim+json"))
    // Personal data: kept by nobody on the way, and asked for again by whoever has it.
    headers.append(HTTPField(name: .cacheControl, value: "private, no-cache"))
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
  }

  static func scim(_ status: HTTPResponse.Status, _ body: JSONValue, headers: HTTPFields = [:]) -> Response {
    scim(status, ByteBuffer(bytes: body.serialized()), headers: headers)
  }

  /// The error as a SCIM message (RFC 7644 section 3.12).
  static func scim(_ error: SCIMError, headers: HTTPFields = [:]) -> Response {
    scim(HTTPResponse.Status(code: error.status), error.json, headers: headers)
  }

  /// A small answer that is not SCIM.
  static func plain(_ status: HTTPResponse.Status, _ body: JSONValue) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.serialized())))
  }
}
