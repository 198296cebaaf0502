import HTTPTypes
import HummingbirdCore
import NIOCore
import OpenID

extension Request {
  /// The fields of the form that the request carries.
  /// - Throws: `OAuthError` invalid_request when it is no form, and as `bytes(maxSize:)`.
  func form(maxSize: Int) async throws -> [String: String] {
    let type = (headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    guard type == "application/x-www-form-urlencoded" else {
      throw OAuthError(.invalidRequest, "The content type must be application/x-www-form-urlencoded.")
    }
    let bytes = try await bytes(maxSize: maxSize)
    guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
      throw OAuthError(.invalidRequest, "The form is not percent-encoded UTF-8.")
    }
    return try FormParameters(parsing: text).values
  }
}
