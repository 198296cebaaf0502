import Foundation
import SeededRandom
import Testing

@testable import LocalDirectory

struct ResourceIDTests {
  /// RFC 9562 section 5.7: the time in the first 48 bits, then the version, and the variant in the seventeenth digit.
  @Test func areOfVersion7() throws {
    var random = SplitMix64(seed: 7)
    for milliseconds in [0, 1, 1_645_557_742_000, 1_800_000_000_123] {
      let text = ResourceID.make(at: Timestamp.date(milliseconds: milliseconds), using: &random)
      let id = try #require(UUID(uuidString: text)).uuid
      #expect(text == text.lowercased())
      let time = [id.0, id.1, id.2, id.3, id.4, id.5].reduce(0) { $0 << 8 | Int($1) }
      #expect(time == milliseconds)
      #expect(id.6 >> 4 == 7)
      #expect(id.8 >> 6 == 0b10)
    }
  }

  @Test func areInTheOrderOfTimeAndDiffer() {
    let ids = (0..<1000).map { ResourceID.make(at: Timestamp.date(milliseconds: 1_800_000_000_000 + $0 / 2)) }
    #expect(Set(ids).count == ids.count)
    for (earlier, later) in zip(ids, ids.dropFirst(2)) { #expect(earlier < later) }
  }
}
