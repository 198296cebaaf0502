import SeededRandom
import Testing

@testable import IdentityServer

/// Where a request comes from, and whose word for it is taken.
struct NetworkAddressTests {
  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7", false), ("127.0.0.1", "127.0.0.1", true), ("::1", "0000000000000000/64", true),
    ("::ffff:127.0.0.1", "127.0.0.1", true), ("::ffff:192.0.2.7", "192.0.2.7", false),
    ("2001:db8:1:2:3::4", "20010db800010002/64", false), ("", "", false), ("nonsense", "nonsense", false),
  ])
  func networksAreWhatOnePartyHas(_ text: String, _ network: String, _ isLoopback: Bool) {
    let address = NetworkAddress(text)
    #expect(address.network == network)
    #expect(address.isLoopback == isLoopback)
    #expect(address.text == text)
  }

  private func sender(_ peer: String, _ forwarded: String..., trusting proxies: Set<String>) -> String {
    NetworkAddress(peer: peer, forwarded: forwarded, trusting: proxies).text
  }

  @Test func onlyATrustedProxyIsBelieved() {
    #expect(sender("198.51.100.1", "192.0.2.7", trusting: []) == "198.51.100.1")
    #expect(sender("198.51.100.1", "192.0.2.7", trusting: ["198.51.100.2"]) == "198.51.100.1")
    #expect(sender("198.51.100.1", "192.0.2.7", trusting: ["198.51.100.1"]) == "192.0.2.7")
    #expect(sender("::ffff:198.51.100.1", "192.0.2.7", trusting: ["198.51.100.1"]) == "192.0.2.7")
    #expect(sender("198.51.100.1", trusting: ["198.51.100.1"]) == "198.51.100.1")
  }

  @Test func whatTheClientMadeUpIsNotBelieved() {
    let proxies: Set<String> = ["198.51.100.1", "198.51.100.2"]
    #expect(sender("198.51.100.1", "10.9.9.9, 192.0.2.7", trusting: proxies) == "192.0.2.7")
    #expect(sender("198.51.100.1", "10.9.9.9", "192.0.2.7,198.51.100.2", trusting: proxies) == "192.0.2.7")
    #expect(sender("198.51.100.1", "192.0.2.7, unknown", trusting: proxies) == "198.51.100.1")
    #expect(sender("198.51.100.1", "192.0.2.7:4711", trusting: proxies) == "198.51.100.1")
  }

  /// Whatever the header holds, the answer is the peer, or an address that stands in the header.
  @Test(arguments: 1...8)
  func headersOfAnyKindAreSurvived(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "192.0.2.7", "2001:db8::1", ",", " ", "\t", "unknown", "[::1]", "198.51.100.1", "\u{0}", "é", "1.2.3",
    ]
    for _ in 1...300 {
      let header = (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      let sender = sender("198.51.100.1", header, trusting: ["198.51.100.1"])
      #expect(sender == "198.51.100.1" || (header.contains(sender) && NetworkAddress.isAddress(sender)), "\(header)")
    }
  }
}
