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
    headers[.accessControlAllowOrigin] = anyOrigin
    if let pragma { headers[pragma] = "no-cache" }
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONValue.object(body).serialized())))
  }

  private static let pragma = HTTPField.Name("Pragma")

  /// Scripts of every site may read the answers: it takes a token or a secret in the request to get one, and never a cookie.
  private static let anyOrigin = "*"

  /// What browsers ask before a script of another site may send a request (Fetch section 4.8).
  static func preflight(_ methods: [HTTPRequest.Method]) -> Response {
    Response(
      status: .noContent,
      headers: [
        .accessControlAllowOrigin: anyOrigin,
        .accessControlAllowMethods: methods.map(\.rawValue).joined(separator: ", "),
        .accessControlAllowHeaders: "Authorization, Content-Type", .accessControlMaxAge: "3600",
      ])
  }

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
