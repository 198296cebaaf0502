import JSON

/// The keys that another provider publishes for its signatures (RFC 7517 section 5).
package struct VerificationKeys: Hashable, Sendable {
  package struct Key: Hashable, Sendable {
    /// The numbers of a key, in Base64URL (RFC 7518 sections 6.2.1 and 6.3.1).
    package enum Numbers: Hashable, Sendable {
      case rsa(modulus: String, exponent: String)
      /// On P-256.
      case ellipticCurve(x: String, y: String)
    }

    package let id: String?
    package let numbers: Numbers

    /// The one algorithm that the key is good for here. It is the key that says so, never a token.
    package var algorithm: SignatureAlgorithm {
      switch numbers {
      case .rsa: .rs256
      case .ellipticCurve: .es256
      }
    }
  }

  /// The most that are looked at.
  private static let capacity = 100

  private let keys: [Key]

  /// Keys of other kinds and for other purposes are left out.
  package init(_ keySet: JSONObject) { keys = (keySet["keys"]?.array ?? []).prefix(Self.capacity).compactMap(Key.init) }

  /// The key that must have made a signature; nil when there is none. A token that names no key means the only one of its
  /// algorithm (OpenID Connect Core section 10.1).
  package func key(for head: TokenHead) -> Key? {
    let fitting = keys.filter { $0.algorithm == head.algorithm && (head.keyID == nil || $0.id == head.keyID) }
    return fitting.count == 1 ? fitting.first : nil
  }
}

extension VerificationKeys.Key {
  /// nil for what is no key for RS256 or ES256 signatures.
  fileprivate init?(_ json: JSONValue) {
    let numbers: Numbers
    switch (json["kty"]?.string, json["crv"]?.string) {
    case ("RSA", _):
      guard let modulus = json["n"]?.string, let exponent = json["e"]?.string else { return nil }
      numbers = .rsa(modulus: modulus, exponent: exponent)
    case ("EC", "P-256"):
      guard let x = json["x"]?.string, let y = json["y"]?.string else { return nil }
      numbers = .ellipticCurve(x: x, y: y)
    default: return nil
    }
    guard ["sig", nil].contains(json["use"]?.string) else { return nil }
    self.init(id: json["kid"]?.string, numbers: numbers)
    guard [algorithm.rawValue, nil].contains(json["alg"]?.string) else { return nil }
  }
}
