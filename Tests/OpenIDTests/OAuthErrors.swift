import OpenID

/// The error that the operation ends with; nil when it succeeds.
func oauthError(_ operation: () throws(OAuthError) -> Void) -> OAuthError? {
  do {
    try operation()
    return nil
  } catch {
    return error
  }
}
