import JSON
import Reconciliation

/// An access token as a token endpoint gives it out (RFC 6749 section 5.1).
struct AccessToken: Hashable, Sendable {
  let value: Secret
  /// How long it serves; nil when the token endpoint does not say, as Salesforce's.
  let lifetime: Duration?

  /// - Throws: `malformed` when the answer holds no bearer token (RFC 6750) that can be sent.
  init(_ answer: JSONObject?) throws(EndpointError) {
    guard let answer, let token = answer["access_token"]?.string else {
      throw EndpointError(.malformed, "the token endpoint answered without an access token")
    }
    guard answer["token_type"]?.string?.lowercased() == "bearer" else {
      throw EndpointError(.malformed, "the token endpoint gives out tokens that are no bearer tokens")
    }
    value = Secret(token)
    // Some write the number as text.
    let seconds = answer["expires_in"]?.int ?? answer["expires_in"]?.string.flatMap { Int($0) }
    lifetime = seconds.map { .seconds(min(max($0, 0), Self.longest)) }
    _ = try authorization()
  }

  /// The value of the `Authorization` field.
  func authorization() throws(EndpointError) -> String { try EndpointCredential.bearer(value) }

  /// A day: what is said to live longer is asked for again all the same.
  private static let longest = 86_400
}
