import Foundation
import JSON
import SeededRandom
import Testing

@testable import OpenID

/// Nothing that a provider sends is taken for more than it says, and nothing brings the server down.
struct IDTokenFuzzTests {
  private static let now = Date(timeIntervalSince1970: 1_790_000_000)
  private static let good: JSONObject = [
    "iss": "https://id.example", "sub": "eve", "aud": "client", "nonce": "n", "exp": 1_790_000_300,
    "iat": 1_790_000_000, "azp": "client",
  ]
  private static let values: [JSONValue] = [
    nil, true, "", "client", "other", [], ["client"], [["client"]], [:], ["client": "client"], 0, -1, 1_790_000_000,
    .number(JSONNumber(validLiteral: "1e400")), .number(JSONNumber(validLiteral: "1.5e9")), "https://id.example", "n",
  ]

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func onlyTheTruthIsBelieved(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let check = IDTokenCheck(issuer: "https://id.example", clientID: "client", nonce: "n")
    #expect(try check.identity(in: Self.good, at: Self.now).subject == "eve")
    for _ in 1...200 {
      var claims = Self.good
      let name = Self.good.keys.randomElement(using: &random) ?? ""
      claims[name] = Self.values.randomElement(using: &random)
      guard let identity = try? check.identity(in: claims, at: Self.now) else { continue }
      #expect(identity.issuer == "https://id.example")
      #expect(claims["nonce"] == "n" && claims["iss"] == "https://id.example")
      #expect([.string("client"), .array(["client"])].contains(claims["aud"]))
      #expect(claims["exp"]?.number.map { $0.double > 1_789_999_940 } == true)
      #expect(claims["sub"]?.string?.isEmpty == false)
    }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>) func headsAndKeysOfAnyKind(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let names = ["kty", "crv", "n", "e", "x", "y", "kid", "use", "alg", "crit", "typ"]
    let values: [JSONValue] = [
      nil, "RSA", "EC", "P-256", "RS256", "ES256", "none", "HS256", "sig", "enc", "AQAB", "", 1, ["RS256"], [:], true,
      "jwt", "at+jwt",
    ]
    for _ in 1...300 {
      let object = { (random: inout SplitMix64) in
        JSONObject(names.shuffled(using: &random).prefix(6).map { ($0, values.randomElement(using: &random) ?? nil) })
      }
      let head = object(&random)
      let keys = VerificationKeys(["keys": .array((0..<3).map { _ in .object(object(&random)) })])
      let token = "\(Base64URL.encoded(JSONValue.object(head).serialized())).e30.AA"
      guard let known = try? TokenHead(of: token) else { continue }
      #expect(["RS256", "ES256"].contains(head["alg"]?.string))
      #expect(head["crit"] == nil)
      if let key = keys.key(for: known) { #expect(key.algorithm == known.algorithm) }
    }
  }
}
