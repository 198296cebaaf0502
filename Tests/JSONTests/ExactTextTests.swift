import JSON
import Testing

/// Texts that Unicode calls equivalent are the same to Swift, and never to what decides about access.
struct ExactTextTests {
  static let equivalents = [
    ("\u{212A}iosk", "Kiosk"), ("caf\u{E9}", "cafe\u{301}"), ("\u{37E}x", ";x"), ("\u{1FEF}", "`"),
    ("\u{212B}", "\u{C5}"),
  ]

  @Test(arguments: equivalents) func equivalentTextsAreNotTheSame(_ one: String, _ other: String) {
    #expect(one == other)
    #expect(!one.isExactly(other))
    #expect(ExactText(one) != ExactText(other))
    #expect(one.isExactly(one) && ExactText(other) == ExactText(other))
    #expect([ExactText(one): 1][ExactText(other)] == nil)
  }

  @Test func onlyTheCaseOfASCIIIsFolded() {
    #expect("MiKE@Corp.example".asciiLowercased.isExactly("mike@corp.example"))
    #expect("mi\u{212A}e@\u{C4}".asciiLowercased.isExactly("mi\u{212A}e@\u{C4}"))
    #expect("~a".isASCII && !"\u{212A}".isASCII)
  }
}
