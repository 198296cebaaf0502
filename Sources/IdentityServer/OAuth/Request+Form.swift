import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import OpenID

extension Request {
  /// Whether the content type is that of a form.
  var isForm: Bool { mediaType?.isExactly("application/x-www-form-urlencoded") ?? false }

  /// The content type without its parameters, in lower case; nil when none is given.
  var mediaType: String? {
    guard let header = headers[.contentType] else { return nil }
    let type = header.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != UInt8(ascii: " ") }
    return String(decoding: type, as: UTF8.self).asciiLowercased
  }

  /// The fields of the form that the request carries.
  /// - Throws: `OAuthError` invalid_request when it is no form, and as `bytes(maxSize:)`.
  func form(maxSize: Int) async throws -> [String: String] {
    guard isForm else {
      throw OAuthError(.invalidRequest, "The content type must be application/x-www-form-urlencoded.")
    }
    let bytes = try await bytes(maxSize: maxSize)
    guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
      throw OAuthError(.invalidRequest, "The form is not percent-encoded UTF-8.")
    }
    return try FormParameters(parsing: text).values
  }
}
