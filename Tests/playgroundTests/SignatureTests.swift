import JSON
import JWTKit
import OpenID
import SeededRandom
import Testing

@testable import playground

/// Signatures of ID tokens, by keys as providers publish them.
struct SignatureTests {
  private struct Claims: JWTPayload {
    var sub = "ann"
    func verify(using algorithm: some JWTAlgorithm) async throws {}
  }

  private let key = ES256PrivateKey()

  private func published(_ key: ES256PrivateKey) throws -> VerificationKeys {
    let point = try #require(key.publicKey.parameters)
    return VerificationKeys([
      "keys": [
        [
          "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "x": .string(Self.urlSafe(point.x)),
          "y": .string(Self.urlSafe(point.y)),
        ]
      ]
    ])
  }

  private static func urlSafe(_ text: String) -> String {
    text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  private func token() async throws -> TokenSecret {
    let collection = JWTKeyCollection()
    await collection.add(ecdsa: key)
    return TokenSecret(try await collection.sign(Claims()))
  }

  @Test func theKeyOfWhoHasSignedFits() async throws {
    let token = try await token()
    let head = try TokenHead(of: token.text)
    let own = try #require(try published(key).key(for: head))
    let other = try #require(try published(ES256PrivateKey()).key(for: head))
    #expect(await own.hasSigned(token))
    #expect(await !other.hasSigned(token))
    #expect(token.claims?["sub"] == "ann")
  }

  /// Whatever one changes of what is signed, the signature is wrong.
  @Test func everyChangeIsNoticed() async throws {
    var random = SplitMix64(seed: 5)
    let token = try await token()
    let key = try #require(try published(key).key(for: TokenHead(of: token.text)))
    let signed = try #require(Array(token.text.utf8).lastIndex(of: UInt8(ascii: ".")))
    for _ in 0..<300 {
      var bytes = Array(token.text.utf8)
      let place = Int.random(in: 0..<signed, using: &random)
      bytes[place] = UInt8.random(in: 0x20...0x7E, using: &random)
      guard bytes != Array(token.text.utf8) else { continue }
      let changed = String(decoding: bytes, as: UTF8.self)
      #expect(await !key.hasSigned(TokenSecret(changed)), "changed at \(place): \(changed)")
    }
  }
}
