import Crypto
import CryptoExtras
import Foundation
import JSON
import LocalDirectory
import OpenID

/// Makes keys for tokens. An RSA key takes a second or more, so it is made off the threads that serve requests.
package struct KeyMaker: Sendable {
  private let make: @Sendable (SignatureAlgorithm) async throws -> String

  /// - Parameter make: a new private key in PEM: RSA of at least 2048 bits, or P-256.
  package init(_ make: @escaping @Sendable (SignatureAlgorithm) async throws -> String) { self.make = make }

  package static let system = KeyMaker { algorithm in
    switch algorithm {
    case .es256: P256.Signing.PrivateKey().pemRepresentation
    case .rs256: try await rsaKey()
    }
  }

  private static func rsaKey() async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation })
      }
    }
  }

  /// A new key with its private half sealed.
  func key(_ algorithm: SignatureAlgorithm, sealedBy box: SecretBox, at now: Date) async throws -> SigningKey {
    let pem = try await make(algorithm)
    let (id, publicKey) = try Self.published(pem, algorithm)
    return SigningKey(
      id: id, algorithm: algorithm, publicKey: publicKey.text, sealedKey: try box.seal(pem, for: id), createdAt: now)
  }

  /// The public half as a JSON Web Key (RFC 7518 section 6), named by its thumbprint (RFC 7638).
  private static func published(
    _ pem: String, _ algorithm: SignatureAlgorithm
  ) throws -> (id: String, key: JSONObject) {
    let essential: JSONObject
    switch algorithm {
    case .rs256:
      let numbers = try _RSA.Signing.PrivateKey(pemRepresentation: pem).publicKey.getKeyPrimitives()
      essential = [
        "e": .string(Base64URL.encoded(numbers.publicExponent)), "kty": "RSA",
        "n": .string(Base64URL.encoded(numbers.modulus)),
      ]
    case .es256:
      let point = try P256.Signing.PrivateKey(pemRepresentation: pem).publicKey.rawRepresentation
      essential = [
        "crv": "P-256", "kty": "EC", "x": .string(Base64URL.encoded(point.prefix(32))),
        "y": .string(Base64URL.encoded(point.suffix(32))),
      ]
    }
    let id = Base64URL.encoded(SHA256.hash(data: essential.canonical()))
    var key = essential
    key["kid"] = .string(id)
    key["use"] = "sig"
    key["alg"] = .string(algorithm.rawValue)
    return (id, key)
  }
}
