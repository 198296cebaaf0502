import Crypto
import Foundation

/// Seals secrets that must be readable again, with a key that is kept elsewhere: what is stolen with a copy of the
/// database is worth nothing. ChaCha20-Poly1305 (RFC 8439) with a random nonce. Printing a box shows no key.
package struct SecretBox: Sendable, CustomStringConvertible, CustomReflectable {
  /// Before every sealed text, with the number of the form.
  private static let mark = "sealed:1:"

  private let key: SymmetricKey

  /// - Parameter secret: whatever is hard to guess, of any length.
  package init(_ secret: [UInt8]) { key = SymmetricKey(data: SHA256.hash(data: secret)) }

  package var description: String { "SecretBox" }
  package var customMirror: Mirror { Mirror(self, children: []) }

  /// The secret as a text that only this key opens.
  /// - Parameter place: where it is going to be kept, such as the id of a resource: it can be opened for that place only.
  package func seal(_ secret: String, for place: String) throws -> String {
    let box = try ChaChaPoly.seal(Array(secret.utf8), using: key, authenticating: Array(place.utf8))
    return Self.mark + box.combined.base64EncodedString()
  }

  /// nil when the text was sealed for another place or with another key.
  package func open(_ sealed: String, for place: String) -> String? {
    guard Self.isSealed(sealed), let bytes = Data(base64Encoded: String(sealed.dropFirst(Self.mark.count))),
      let box = try? ChaChaPoly.SealedBox(combined: bytes),
      let secret = try? ChaChaPoly.open(box, using: key, authenticating: Array(place.utf8))
    else { return nil }
    return String(decoding: secret, as: UTF8.self)
  }

  /// Whether the text is one that a box made.
  static func isSealed(_ text: String) -> Bool { text.hasPrefix(mark) }
}
