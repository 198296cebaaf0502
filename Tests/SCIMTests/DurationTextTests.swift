import JSON
import SeededRandom
import Testing

@testable import SCIM

@Suite struct DurationTextTests {
  @Test(
    arguments: [
      (0, "0s"), (59, "59s"), (60, "1m"), (3600, "1h"), (5400, "1h30m"), (86_400, "1d"), (90_061, "1d1h1m1s"),
      (604_800, "7d"),
    ])
  func isWrittenInTheLargestUnits(seconds: Int, text: String) {
    #expect(DurationText.text(seconds) == text)
  }

  @Test func isReadAsItWasWritten() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<1000 {
      let seconds = Int.random(in: 0...100_000_000, using: &random)
      #expect(DurationText.seconds(DurationText.text(seconds)) == seconds)
    }
  }

  @Test(arguments: ["", "1", "h", "1x", "-1s", "1h 5m", "99999999999999999999s"])
  func whatIsNoneIsNotRead(text: String) {
    #expect(DurationText.seconds(text) == nil)
  }

  @Test func lifetimesAreTimes() {
    let lifetime = Attribute("accessTokenLifetime", isCaseExact: true)
    #expect(AttributeValues.areEqual("60m", "1h", attribute: lifetime))
    #expect(!AttributeValues.areEqual("60m", "61m", attribute: lifetime))
    #expect(!AttributeValues.areEqual("soon", "later", attribute: lifetime))
    #expect(!AttributeValues.areEqual("60m", "1h", attribute: Attribute("title")))
  }
}
