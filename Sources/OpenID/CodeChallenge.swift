import Crypto
import Foundation

/// What ties a code to whoever asked for it (RFC 7636). Only the method S256 is known: `plain` proves nothing to whoever has
/// read the request.
package struct CodeChallenge: Hashable, Sendable {
  package static let methods = ["S256"]

  /// The SHA-256 digest of the verifier, in 43 characters of Base64URL.
  package let text: String

  /// - Throws: `OAuthError` invalid_request for another method, or a challenge that is no digest.
  package init(_ text: String, method: String?) throws(OAuthError) {
    guard let method, Self.methods.contains(method) else {
      throw OAuthError(.invalidRequest, "The code_challenge_method must be S256.")
    }
    guard Base64URL.decoded(text)?.count == 32 else {
      throw OAuthError(.invalidRequest, "The code_challenge must be a SHA-256 digest in Base64URL.")
    }
    self.text = text
  }

  /// A challenge that was checked before.
  package init(checked text: String) { self.text = text }

  /// The challenge that this verifier answers.
  package init(of verifier: String) { text = Base64URL.encoded(SHA256.hash(data: Array(verifier.utf8))) }

  /// Whether this is the verifier. The challenge is no secret, so comparing it takes no care.
  package func isAnswered(by verifier: String) -> Bool {
    Self.isVerifier(verifier) && CodeChallenge(of: verifier) == self
  }

  /// Section 4.1: 43 to 128 letters, digits, dashes, dots, underscores and tildes.
  package static func isVerifier(_ text: String) -> Bool {
    (43...128).contains(text.utf8.count) && text.utf8.allSatisfy(isUnreserved)
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~".utf8.contains(byte)
    }
  }
}
