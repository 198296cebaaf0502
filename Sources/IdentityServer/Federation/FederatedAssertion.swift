import Foundation
import JSON
import LocalDirectory
import OpenID

/// What an identity provider has said of somebody, all of it checked.
struct FederatedAssertion: Hashable, Sendable {
  let identity: FederatedIdentity
  let claims: JSONObject
  /// How the user proved there who they are, by the words of RFC 8176.
  let methods: [String]
  /// When; nil when the provider does not tell. In whole seconds.
  let authenticatedAt: Date?

  init(_ identity: FederatedIdentity, claims: JSONObject, methods: [String], authenticatedAt: Date? = nil) {
    self.identity = identity
    self.claims = claims
    self.methods = methods
    self.authenticatedAt = authenticatedAt
  }

  /// An address that the provider vouches for; nil when it does for none.
  var verifiedEmail: String? {
    let isVerified = claims["email_verified"]?.bool ?? (claims["email_verified"]?.string == "true")
    return isVerified ? claims["email"]?.string.flatMap { $0.isEmpty ? nil : $0 } : nil
  }
}

extension JSONObject {
  /// The claims of an ID token with those that the userinfo endpoint tells, which count more. An address and whether it is
  /// verified are of one document: that one address is verified says nothing of another.
  func adding(userInfo: JSONObject) -> JSONObject {
    var (claims, told) = (self, userInfo)
    if told["email"] == nil { told["email_verified"] = nil } else { claims["email_verified"] = nil }
    for claim in told { claims[claim.key] = claim.value }
    return claims
  }
}

/// An assertion that waits for the user to answer what is asked of newcomers.
struct PendingAccount: Sendable {
  /// How long, in seconds.
  private static let lifetime: TimeInterval = 900
  private static let purpose = "account"

  /// The name of the identity provider.
  let provider: String
  let assertion: FederatedAssertion
  let continuation: Continuation?
  let startedAt: Date

  init(_ provider: String, _ assertion: FederatedAssertion, _ continuation: Continuation?, startedAt: Date) {
    self.provider = provider
    self.assertion = assertion
    self.continuation = continuation
    self.startedAt = startedAt
  }

  /// nil for what this browser was not given, or not lately.
  init?(_ sealed: String?, from browser: Browser, _ box: SecretBox, at now: Date) {
    guard let json = browser.opened(sealed, for: Self.purpose, box), let provider = json["provider"]?.string,
      let issuer = json["issuer"]?.string, let subject = json["subject"]?.string, let claims = json["claims"]?.object,
      let start = json["start"]?.int
    else { return nil }
    let startedAt = Date(timeIntervalSince1970: TimeInterval(start))
    guard now.timeIntervalSince(startedAt) < Self.lifetime else { return nil }
    let assertion = FederatedAssertion(
      FederatedIdentity(issuer: issuer, subject: subject), claims: claims,
      methods: (json["methods"]?.array ?? []).compactMap(\.string),
      authenticatedAt: json["authTime"]?.int.map { Date(timeIntervalSince1970: TimeInterval($0)) })
    self.init(provider, assertion, json["continuation"].flatMap(Continuation.init), startedAt: startedAt)
  }

  func sealed(for browser: Browser, _ box: SecretBox) throws -> String {
    var json: JSONObject = [
      "provider": .string(provider), "issuer": .string(assertion.identity.issuer),
      "subject": .string(assertion.identity.subject), "claims": .object(assertion.claims),
      "methods": .array(assertion.methods.map(JSONValue.string)), "start": IDToken.seconds(startedAt),
    ]
    json["authTime"] = assertion.authenticatedAt.map(IDToken.seconds)
    json["continuation"] = (continuation?.json).map(JSONValue.object)
    return try browser.sealed(json, for: Self.purpose, box)
  }
}
