import Crypto
import Foundation

/// A bearer token itself (RFC 6750 section 1.2): shown once to whom it is for, and printed by nobody else.
package struct TokenSecret: Sendable, CustomStringConvertible, CustomReflectable {
  /// What the beginning of a token tells of it, so that scanners for lost secrets find it and people know what it is.
  package enum Kind: String, Sendable, CaseIterable {
    /// Made on the command line for a machine.
    case service = "rct_"
    /// Handed out by the token endpoint.
    case access = "rca_"
    /// Gets the next access token, once.
    case refresh = "rcr_"
    /// Gets the first access token, once and soon (RFC 6749 section 4.1.2).
    case code = "rcc_"
    /// An application's own, where we have made it.
    case client = "rcl_"
    /// Shown by a browser whose user has signed in.
    case session = "rcs_"
  }

  package let text: String

  package init(_ text: String) { self.text = text }

  /// A new token.
  /// - Parameter random: 32 bytes that are fit for cryptography.
  package init(_ kind: Kind, random: [UInt8]) {
    text = kind.rawValue + Base64URL.encoded(random)
  }

  /// 32 bytes of the system's random numbers.
  package static func systemRandom() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  package var digest: TokenDigest { TokenDigest(of: text) }

  package var description: String { "•••" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// The SHA-256 digest of a token: all that is kept of it. The token has 256 random bits, so nobody finds it by trying,
/// and a lookup by digest tells nothing of how near a guess was.
package struct TokenDigest: Hashable, Sendable {
  package let bytes: [UInt8]

  /// - Parameter bytes: 32 of them.
  package init(bytes: [UInt8]) { self.bytes = bytes }

  init(of text: String) { bytes = Array(SHA256.hash(data: Array(text.utf8))) }
}
