import Foundation
import LocalDirectory
import Testing

struct TimestampTests {
  /// Foundation's own formatter is the judge, over all years that it counts by the Gregorian calendar.
  @Test func isWrittenAsFoundationWritesIt() {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    // About nineteen days, in whole seconds: Foundation does not round to the nearest millisecond.
    for milliseconds in stride(from: -12_212_553_600_000, to: 253_402_300_799_999, by: 1_638_401_000) {
      let date = Timestamp.date(milliseconds: milliseconds)
      guard Timestamp.text(date) != date.formatted(style) else { continue }
      Issue.record("\(milliseconds): \(Timestamp.text(date)), not \(date.formatted(style))")
      return
    }
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
  ])
  func isWrittenInUTC(_ milliseconds: Int, _ text: String) {
    #expect(Timestamp.text(Timestamp.date(milliseconds: milliseconds)) == text)
  }
}
