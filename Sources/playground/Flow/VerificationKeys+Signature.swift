import JSON
import JWTKit
import OpenID

extension VerificationKeys.Key {
  /// Whether the key has signed the token.
  func hasSigned(_ token: TokenSecret) async -> Bool {
    let collection = JWTKeyCollection()
    do {
      switch numbers {
      case .rsa(let modulus, let exponent):
        let key = try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent)
        await collection.add(rsa: key, digestAlgorithm: .sha256)
      case .ellipticCurve(let x, let y): await collection.add(ecdsa: try ES256PublicKey(parameters: (x, y)))
      }
      _ = try await collection.verify(token.text, as: Unread.self)
      return true
    } catch {
      return false
    }
  }
}

extension TokenSecret {
  /// What the token says, whoever has signed it; nil for what is no token (RFC 7519 section 7.2).
  var claims: JSONObject? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Base64URL.decoded(String(parts[1])) else { return nil }
    return (try? JSONValue(parsing: bytes))?.object
  }
}

/// Claims that are looked at later, and by somebody else.
private struct Unread: JWTPayload {
  func verify(using algorithm: some JWTAlgorithm) async throws {}
}
