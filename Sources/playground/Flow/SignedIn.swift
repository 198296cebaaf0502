import JSON
import OpenID

/// Somebody has signed in.
struct SignedIn: Sendable {
  let attempt: SignInAttempt
  let identity: FederatedIdentity
  var tokens: Tokens
  /// The last one that came, which names the sign-in to the provider at the sign-out.
  var idToken: TokenSecret
  /// Of the ID token.
  var claims: JSONObject
  /// What the userinfo endpoint says; nil where there is none, or it was not asked yet.
  var user: JSONObject?
  var refreshToken: TokenSecret?
  /// How often the tokens were renewed.
  var renewals = 0

  init(
    attempt: SignInAttempt, identity: FederatedIdentity, tokens: Tokens, idToken: TokenSecret, claims: JSONObject
  ) {
    self.attempt = attempt
    self.identity = identity
    self.tokens = tokens
    self.idToken = idToken
    self.claims = claims
    refreshToken = tokens.refresh
  }

  /// For people.
  var name: String {
    user?["preferred_username"]?.string ?? claims["preferred_username"]?.string ?? identity.subject
  }
}
