import Foundation
import JSON

/// What an ID token of another provider must say to count (OpenID Connect Core section 3.1.3.7), once its signature is known
/// to be good.
package struct IDTokenCheck: Sendable {
  /// How far clocks may differ, in seconds.
  package static let tolerance: TimeInterval = 60
  /// In characters (Core section 2: of `sub`).
  private static let longestSubject = 255

  package var issuer: String
  package var clientID: String
  /// Of our request.
  package var nonce: String
  /// How long ago the user may have proved who they are, in seconds, when we asked for that.
  package var maxAge: Int?
  /// What came with it; nil for nothing.
  package var accessToken: TokenSecret?

  package init(
    issuer: String, clientID: String, nonce: String, maxAge: Int? = nil, accessToken: TokenSecret? = nil
  ) {
    self.issuer = issuer
    self.clientID = clientID
    self.nonce = nonce
    self.maxAge = maxAge
    self.accessToken = accessToken
  }

  /// Whom the token is about.
  /// - Throws: ``FederationError`` untrustworthy, with the check that failed.
  package func identity(in claims: JSONObject, at now: Date) throws(FederationError) -> FederatedIdentity {
    try demand(
      claims["iss"]?.string?.isExactly(issuer) == true,
      "was issued by \(claims["iss"]?.text ?? "nobody"), not by \(issuer)")
    try checkAudience(claims)
    try checkTimes(claims, now)
    try demand(claims["nonce"]?.string?.isExactly(nonce) == true, "is not the answer to what we asked")
    if let hash = claims["at_hash"], let accessToken {
      try demand(
        hash.string?.isExactly(IDToken.hash(accessToken)) == true, "does not belong to the access token beside it")
    }
    guard let subject = claims["sub"]?.string, Self.isSubject(subject) else {
      throw FederationError(.untrustworthy, "the ID token names nobody")
    }
    return FederatedIdentity(issuer: issuer, subject: subject)
  }

  /// Of several it must be made for us, and say so.
  private func checkAudience(_ claims: JSONObject) throws(FederationError) {
    let audience = claims["aud"]?.array ?? claims["aud"].map { [$0] } ?? []
    try demand(audience.contains { $0.string?.isExactly(clientID) == true }, "is meant for others")
    if audience.count > 1 || claims["azp"] != nil {
      try demand(claims["azp"]?.string?.isExactly(clientID) == true, "was issued to another client")
    }
  }

  private func checkTimes(_ claims: JSONObject, _ now: Date) throws(FederationError) {
    let time = now.timeIntervalSince1970
    guard let expiry = claims["exp"]?.seconds, let issued = claims["iat"]?.seconds else {
      throw FederationError(.untrustworthy, "the ID token does not say when it was issued and expires")
    }
    try demand(time < expiry + Self.tolerance, "has expired")
    try demand(issued <= time + Self.tolerance, "comes from the future: the clocks differ")
    if let start = claims["nbf"] {
      try demand(start.seconds.map { $0 <= time + Self.tolerance } ?? false, "is not good yet")
    }
    guard let maxAge else { return }
    try demand(
      claims["auth_time"]?.seconds.map { time - $0 <= TimeInterval(maxAge) + Self.tolerance } ?? false,
      "does not say that the user has signed in lately")
  }

  private func demand(_ isGood: Bool, _ problem: @autoclosure () -> String) throws(FederationError) {
    guard isGood else { throw FederationError(.untrustworthy, "the ID token \(problem())") }
  }

  /// Kept by every store as it is.
  private static func isSubject(_ text: String) -> Bool {
    !text.isEmpty && text.count <= longestSubject
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{7F}" }
  }
}

extension JSONValue {
  /// A `NumericDate` (RFC 7519 section 2).
  fileprivate var seconds: TimeInterval? { number?.double }
}
