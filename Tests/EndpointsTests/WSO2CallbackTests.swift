import SeededRandom
import Testing

@testable import Endpoints

/// Redirect URIs as WSO2 Identity Server takes them.
@Suite struct WSO2CallbackTests {
  @Test func redirectURIsAreReadAsTheyWereWritten() {
    var random = SplitMix64(seed: 11)
    let signs = Array(#"abc/:?=&.|()[]{}*+^$\-_~"#)
    for _ in 0..<2000 {
      let uris = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        "https://"
          + String((0..<Int.random(in: 0...12, using: &random)).map { _ in signs.randomElement(using: &random) ?? "a" })
      }
      #expect(WSO2Callbacks.redirectURIs(WSO2Callbacks.callbacks(uris)) == uris)
    }
    // An expression that stands for more than a few addresses is told as it is.
    for other in ["regexp=(https://.*)", "regexp=(a|b(c|d))", "regexp=()", #"regexp=(a\)"#, #"regexp=(a\d)"#] {
      #expect(WSO2Callbacks.redirectURIs([other]) == [other])
    }
    #expect(WSO2Callbacks.redirectURIs([""]).isEmpty)
  }
}
