import JSON
import SeededRandom
import Testing

@Suite struct CaseTests {
  @Test(arguments: 0..<500 as Range<UInt64>)
  func comparesAsLowercasedTextsDo(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    // Letters of one and of two cases, marks, and letters whose other case is longer or belongs to ASCII.
    let letters = [
      "a", "A", "b", "k", "K", "\u{212A}", "e", "E", "\u{301}", "é", "É", "ß", "ẞ", "İ", "i", "I", "\u{307}", "Z", "[",
    ]
    let text = { (length: Int) in (0..<length).map { _ in letters.randomElement(using: &random) ?? "" }.joined() }
    let (a, b) = (text(Int(seed % 4)), text(Int(seed / 4 % 4)))
    #expect(a.isEqual(ignoringCase: b) == (a.lowercased() == b.lowercased()), "\(a) \(b)")
    #expect(a.uppercased().lowercased() != a.lowercased() || a.isEqual(ignoringCase: a.uppercased()))
  }

  @Test func namesOfAttributesAreTheSameInAnyCase() {
    #expect("userName".isEqual(ignoringCase: "USERNAME") && "".isEqual(ignoringCase: ""))
    #expect(!"userName".isEqual(ignoringCase: "userNames") && !"[".isEqual(ignoringCase: "{"))
  }
}
