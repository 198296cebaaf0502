import JSON

/// A refusal with its wire spelling: of the token endpoint (RFC 6749 section 5.2), of revocation (RFC 7009 section 2.2.1),
/// of a resource that a bearer token opens (RFC 6750 section 3.1), and of the authorization endpoint (RFC 6749 section
/// 4.1.2.1, OpenID Connect Core section 3.1.2.6).
package struct OAuthError: Error, Hashable, Sendable, CustomStringConvertible {
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
    case accessDenied = "access_denied"
    case unsupportedResponseType = "unsupported_response_type"
    case loginRequired = "login_required"
    case consentRequired = "consent_required"
    case accountSelectionRequired = "account_selection_required"
    case requestNotSupported = "request_not_supported"
    case requestURINotSupported = "request_uri_not_supported"

    /// The HTTP status that goes with the code.
    package var status: Int {
      switch self {
      case .invalidClient, .invalidToken: 401
      case .insufficientScope: 403
      case .serverError: 500
      case .temporarilyUnavailable: 503
      case .invalidRequest, .invalidGrant, .unauthorizedClient, .unsupportedGrantType, .invalidScope,
        .unsupportedTokenType, .accessDenied, .unsupportedResponseType, .loginRequired, .consentRequired,
        .accountSelectionRequired, .requestNotSupported, .requestURINotSupported:
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
  package var json: JSONObject { ["error": .string(code.rawValue), "error_description": .string(description)] }

  /// The parameters of a challenge: `error="invalid_token", error_description="…"`.
  package var challenge: String { #"error="\#(code.rawValue)", error_description="\#(description)""# }

  /// The text without the characters that an `error_description` must not have.
  package var description: String {
    String(text.map { $0.isASCII && $0 >= " " && $0 <= "~" && $0 != "\"" && $0 != "\\" ? $0 : "'" })
  }
}
