import Foundation
import OpenID
import Testing

struct TokenSecretTests {
  @Test(arguments: TokenSecret.Kind.allCases)
  func tokensTellWhatTheyAreAndHoldAllTheirRandomBits(_ kind: TokenSecret.Kind) throws {
    let random = (0..<32).map { UInt8(255 - $0) }
    let text = TokenSecret(kind, random: random).text
    #expect(try #/rc[tarcls]_[A-Za-z0-9_-]{43}/#.wholeMatch(in: text) != nil)
    #expect(text.hasPrefix(kind.rawValue))
    let encoded = text.dropFirst(4).replacing("-", with: "+").replacing("_", with: "/") + "="
    #expect(Data(base64Encoded: String(encoded)).map(Array.init) == random)
    #expect(TokenSecret.systemRandom() != TokenSecret.systemRandom())
  }

  @Test func theDigestIsSHA256() {
    let hex = TokenSecret("abc").digest.bytes.map { String(256 + Int($0), radix: 16).dropFirst() }.joined()
    #expect(hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func printingATokenShowsNothing() {
    let secret = TokenSecret("rct_canary")
    var dumped = ""
    dump([secret], to: &dumped)
    for text in ["\(secret)", "\([secret])", String(reflecting: secret), dumped] { #expect(!text.contains("canary")) }
  }
}
