import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import OpenID
import SCIM

extension Response {
  /// An answer that may hold a token, so that nobody on the way keeps it (RFC 6749 section 5.1).
  static func oauth(_ status: HTTPResponse.Status, _ body: JSONObject, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    headers[.cacheControl] = "no-store"
    if let pragma { headers[pragma] = "no-cache" }
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONValue.object(body).serialized())))
  }

  private static let pragma = HTTPField.Name("Pragma")

  static func oauth(_ error: OAuthError) -> Response {
    oauth(HTTPResponse.Status(code: error.code.status), error.json)
  }

  /// What every service refuses, in the words of OAuth.
  static func oauth(_ refusal: Refusal) -> Response {
    let code: OAuthError.Code =
      switch refusal.error.status {
      case 401: .invalidClient
      case 403: .insufficientScope
      case 429: .temporarilyUnavailable
      case 500...: .serverError
      default: .invalidRequest
      }
    let error = OAuthError(code, refusal.error.detail)
    return oauth(HTTPResponse.Status(code: refusal.error.status), error.json, headers: refusal.headers)
  }
}
