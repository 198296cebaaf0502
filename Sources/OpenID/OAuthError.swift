import JSON

/// A refusal with its wire spelling: of the token endpoint (RFC 6749 section 5.2), of revocation (RFC 7009 section 2.2.1)
/// and of a resource that a bearer token opens (RFC 6750 section 3.1).
package struct OAuthError: Error, Hashable, Sendable {
  package enum Code: String, Sendable, CaseIterable {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case unauthorizedClient = "unauthorized_client"
    case unsupportedGrantType = "unsupported_grant_type"
    case invalidScope = "invalid_scope"
    case unsupportedTokenType = "unsupported_token_type"
    case invalidToken = "invalid_token"
    case insufficientScope = "insufficient_scope"
    case serverError = "server_error"
    case temporarilyUnavailable = "temporarily_unavailable"

    /// The HTTP status that goes with the code.
    package var status: Int {
      switch self {
      case .invalidClient, .invalidToken: 401
      case .insufficientScope: 403
      case .serverError: 500
      case .temporarilyUnavailable: 503
      case .invalidRequest, .invalidGrant, .unauthorizedClient, .unsupportedGrantType, .invalidScope,
        .unsupportedTokenType:
        400
      }
    }
  }

  package var code: Code
  /// One sentence for developers.
  package var text: String

  package init(_ code: Code, _ text: String) {
    self.code = code
    self.text = text
  }

  /// The body of an error response.
  package var json: JSONObject { ["error": .string(code.rawValue), "error_description": .string(printable(text))] }

  /// The parameters of a challenge: `error="invalid_token", error_description="…"`.
  package var challenge: String { #"error="\#(code.rawValue)", error_description="\#(printable(text))""# }

  /// Without the characters that an `error_description` must not have.
  private func printable(_ text: String) -> String {
    String(text.map { $0.isASCII && $0 >= " " && $0 <= "~" && $0 != "\"" && $0 != "\\" ? $0 : "'" })
  }
}
