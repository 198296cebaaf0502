import JSON
import Testing

@Suite struct CombiningMarksTests {
  private func marks(_ count: Int, _ mark: String = "\u{301}") -> String { String(repeating: mark, count: count) }

  @Test func whatScriptsNeedIsTaken() {
    for text in [
      "", "plain", "Zoë", "Łukasz", "Nguyễn Thị Ánh", "נִקּוּד", "तिष्ठति", "กำลังที่", "한국", "👩‍👩‍👧‍👦🏳️‍🌈", "a" + marks(64),
      marks(64) + "x" + marks(64),
    ] {
      #expect(!text.hasTooManyMarks, "\(text)")
    }
  }

  @Test(arguments: ["\u{301}", "\u{316}", "\u{F73}", "\u{344}", "\u{FE0F}", "\u{1D165}", "\u{301}\u{316}"])
  func longRunsAreNot(_ mark: String) {
    #expect(("a" + marks(65, mark)).hasTooManyMarks)
    #expect(("plain text before it" + marks(65, mark) + "and after").hasTooManyMarks)
    #expect(JSONValue.array([1, ["a": ["b": .string(marks(65, mark))]]]).hasTooManyMarks)
    #expect(JSONValue.object([marks(65, mark): 1]).hasTooManyMarks)
  }

  @Test func theParserTakesNoSuchName() throws {
    let fine = try JSONValue(parsing: "{\"a\(marks(64))\": \"b\(marks(65))\"}")
    #expect(fine.object?.count == 1 && fine.hasTooManyMarks)
    #expect(throws: JSONError.self) { try JSONValue(parsing: "{\"a\(marks(65))\": 1}") }
    #expect(throws: JSONError.self) {
      try JSONValue(parsing: "{\"a\(String(repeating: "\\u0301", count: 65))\": 1}")
    }
  }
}
