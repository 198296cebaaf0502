import JSON
import Testing

@Suite struct JSONParserTests {
  /// RFC 8259 section 13.
  @Test func readsTheExamplesOfTheStandard() throws {
    let image = try JSONValue(
      parsing: """
        {
          "Image": {
            "Width": 800, "Height": 600, "Title": "View from 15th Floor",
            "Thumbnail": {"Url": "http://www.example.com/image/481989943", "Height": 125, "Width": 100},
            "Animated" : false,
            "IDs": [116, 943, 234, 38793]
          }
        }
        """)
    #expect(image["Image"]?["Thumbnail"]?["Height"] == 125)
    #expect(image["Image"]?["Animated"] == false)
    #expect(image["Image"]?["IDs"] == [116, 943, 234, 38793])
    #expect(image["Image"]?.object?.keys == ["Width", "Height", "Title", "Thumbnail", "Animated", "IDs"])
    #expect(try JSONValue(parsing: "\"Hello world!\"") == "Hello world!")
    #expect(try JSONValue(parsing: " 42\r\n\t") == 42)
    #expect(try JSONValue(parsing: "null") == .null)
  }

  @Test(arguments: [
    (#""""#, ""), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u0000""#, "é\u{0}"),
    (#""a\ud834\uDD1Eb""#, "a\u{1D11E}b"), (#""日本語 ünï""#, "日本語 ünï"),
    (#""eight by eight \" and more than that""#, "eight by eight \" and more than that"),
  ])
  func readsStrings(_ text: String, _ expected: String) throws {
    let string = try #require(try JSONValue(parsing: text).string)
    #expect(Array(string.unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test func findsTheEndOfAStringAtEveryOffset() throws {
    for length in 0..<40 {
      let text = String(repeating: "x", count: length)
      #expect(try JSONValue(parsing: "[\"\(text)\",\"\(text)é\\n\"]") == [.string(text), .string(text + "é\n")])
    }
  }

  @Test(arguments: ["0", "-0", "1.0", "1e3", "1E+3", "-12.50e-7", "9007199254740993", "123456789012345678901234567890"])
  func keepsTheDigitsOfNumbers(_ literal: String) throws {
    #expect(try JSONValue(parsing: literal).text == literal)
  }

  @Test func comparesNumbersByValue() throws {
    #expect(try JSONValue(parsing: "1e3") == JSONValue(parsing: "1000.0"))
    #expect(try JSONValue(parsing: "9007199254740993") != JSONValue(parsing: "9007199254740992"))
    let numbers = try JSONValue(parsing: "[-3, -2.5, 0, 1e-3, 2, 9007199254740992, 9007199254740993]").array ?? []
    #expect(numbers.compactMap(\.number) == numbers.compactMap(\.number).shuffled().sorted())
  }

  /// The faults, each with the line and column that it must be reported at.
  @Test(arguments: [
    ("", 1, 1), ("  ", 1, 3), ("{", 1, 2), ("[1,]", 1, 4), ("[1 2]", 1, 4), ("{\"a\" 1}", 1, 6), ("{a:1}", 1, 2),
    ("{\"a\":1,}", 1, 8), ("nul", 1, 1), ("True", 1, 1), ("01", 1, 2), ("1.", 1, 3), ("-", 1, 2), ("1e", 1, 3),
    ("+1", 1, 1), (".5", 1, 1), ("NaN", 1, 1), ("'a'", 1, 1), ("[1] x", 1, 5), ("{}{}", 1, 3), ("\"abc", 1, 5),
    ("\"a\u{1}\"", 1, 3), ("\"a\nb\"", 1, 3), ("\"\\x\"", 1, 3), ("\"\\u12g4\"", 1, 6), ("\"\\", 1, 3),
    ("\"\\ud834\"", 1, 2), ("\"\\udd1e\"", 1, 2), ("\"\\ud834\\n\"", 1, 2), ("\"\\ud834\\ud834\"", 1, 2),
    ("\u{FEFF}{}", 1, 1), ("{\n  \"ä\": 1,\n  \"ä\": 2\n}", 3, 3), ("[\n\"äöü\", ?]", 2, 8), ("// no\n1", 1, 1),
    ("{\"\\u0061\": 1, \"a\": 2}", 1, 15), ("\u{0}", 1, 1),
  ])
  func refuses(_ text: String, _ line: Int, _ column: Int) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    #expect(error?.line == line, "\(text): \(String(describing: error))")
    #expect(error?.column == column, "\(text): \(String(describing: error))")
  }

  @Test(
    arguments: [
      ([0x22, 0x61, 0xFF, 0x22], 2), ([0x22, 0xC3, 0x22], 1), ([0x22, 0xC0, 0x80, 0x22], 1),
      ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
      ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1), ([0x22, 0x5C, 0x6E, 0xC3, 0xA9, 0x80, 0x22], 5),
      ([0xEF, 0xBB, 0xBF, 0x31], 0),
    ] as [([UInt8], Int)])
  func refusesBytesThatAreNotUTF8(_ bytes: [UInt8], _ offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    #expect(error?.offset == offset)
  }

  @Test func saysWhatItExpected() {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\"a\": [1, 2}") }
    #expect(error?.description == "line 1, column 12: expected a comma or \"]\", found \"}\"")
  }

  @Test func findsRepeatedMembersInLargeObjects() throws {
    let members = (0..<200).map { "\"key\($0)\": \($0)" }
    #expect(try JSONValue(parsing: "{\(members.joined(separator: ","))}").object?.count == 200)
    for repeated in [0, 15, 16, 199] {
      let text = "{\(members.joined(separator: ",")), \"key\(repeated)\": 0}"
      #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }
  }

  @Test func takesCanonicallyEquivalentNamesForTheSame() {
    #expect(throws: JSONError.self) { try JSONValue(parsing: "{\"\u{E9}\": 1, \"e\u{301}\": 2}") }
    #expect(throws: JSONError.self) { try JSONValue(parsing: "{\"\u{212A}\": 1, \"K\": 2}") }
  }

  @Test func keepsToItsLimits() throws {
    let limits = JSONParser.Limits(maxBytes: 20, maxDepth: 3, maxValues: 5)
    for accepted in ["[[[]]]", "[1,2,3,4]", "\"123456789012345678\"", "{\"a\":{\"b\":{}}}"] {
      #expect(throws: Never.self) { try JSONValue(parsing: accepted, limits: limits) }
    }
    for refused in ["[[[[]]]]", "[1,2,3,4,5]", "\"1234567890123456789\"", "{\"a\":[{\"b\":[]}]}"] {
      #expect(throws: JSONError.self) { try JSONValue(parsing: refused, limits: limits) }
    }
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(throws: JSONError.self) { try JSONValue(parsing: deep) }
  }

  @Test func readsEveryKindOfByteCollection() throws {
    let bytes = Array("[1, \"a\"]".utf8)
    #expect(try JSONValue(parsing: bytes) == [1, "a"])
    #expect(try JSONValue(parsing: bytes[...]) == [1, "a"])
    #expect(try JSONValue(parsing: bytes.lazy.map { $0 }) == [1, "a"])
    #expect(try bytes.withUnsafeBytes { try JSONValue(parsing: $0) } == [1, "a"])
  }
}
