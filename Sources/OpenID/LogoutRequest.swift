import JSON

/// A client asks to sign its user out (OpenID Connect RP-Initiated Logout section 2).
package struct LogoutRequest: Hashable, Sendable {
  /// An ID token of ours, which may have expired.
  package var idTokenHint: String?
  /// Who asks, where the hint does not tell.
  package var clientID: String?
  package var redirectURI: String?
  package var state: String?

  /// - Parameter parameters: those of the query or form that are not empty.
  package init(_ parameters: [String: String]) {
    idTokenHint = parameters["id_token_hint"]
    clientID = parameters["client_id"]
    redirectURI = parameters["post_logout_redirect_uri"]
    state = parameters["state"]
  }

  /// Where the browser goes afterwards; nil when nothing was asked for.
  /// - Parameter client: the one that asks, when it is known.
  /// - Throws: `OAuthError` invalid_request for an address that the client has not registered, byte by byte.
  package func location(for client: Client?) throws(OAuthError) -> String? {
    guard let redirectURI else { return nil }
    guard let client else {
      throw OAuthError(.invalidRequest, "It takes an id_token_hint or a client_id to return to an application.")
    }
    guard client.postLogoutRedirectURIs.contains(where: redirectURI.isExactly) else {
      throw OAuthError(.invalidRequest, "The post_logout_redirect_uri is not registered.")
    }
    return RedirectURI(redirectURI).adding(state.map { [("state", $0)] } ?? [])
  }
}
