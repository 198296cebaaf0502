/// The answer of the authorization endpoint, by way of the browser (RFC 6749 sections 4.1.2 and 4.1.2.1).
package struct AuthorizationResponse: Sendable {
  package enum Outcome: Sendable {
    case code(TokenSecret)
    case refusal(OAuthError)
  }

  package var outcome: Outcome
  package var state: String?
  /// Tells clients of several providers who answers (RFC 9207).
  package var issuer: String

  package init(_ outcome: Outcome, state: String?, issuer: String) {
    self.outcome = outcome
    self.state = state
    self.issuer = issuer
  }

  /// Where the browser is sent.
  package func location(at redirectURI: RedirectURI) -> String {
    var parameters: [(name: String, value: String)] =
      switch outcome {
      case .code(let code): [("code", code.text)]
      case .refusal(let error): [("error", error.code.rawValue), ("error_description", error.description)]
      }
    if let state { parameters.append(("state", state)) }
    parameters.append(("iss", issuer))
    return redirectURI.adding(parameters)
  }
}
