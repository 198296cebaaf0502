import JSON
import Testing

@Suite struct JSONSerializerTests {
  private let value: JSONValue = [
    "b": [1, [:], []], "a": "x\"\\/\u{1}\u{1F}\n\u{7F}é", "c": ["d": .null, "e": true],
  ]

  @Test func writesMembersInTheirOrder() {
    #expect(value.text == #"{"b":[1,{},[]],"a":"x\"\\/\u0001\u001f\n\#u{7F}é","c":{"d":null,"e":true}}"#)
    #expect(value.object?.text == value.text)
    #expect(value.object.map { $0.serialized() } == Array(value.text.utf8))
  }

  @Test func writesForPeople() {
    let expected = """
      {
        "b": [
          1,
          {},
          []
        ],
        "c": {
          "d": null
        }
      }
      """
    #expect((["b": [1, [:], []], "c": ["d": .null]] as JSONValue).pretty() == expected)
    #expect(([] as JSONValue).pretty() == "[]")
  }

  /// RFC 8785 section 3.2.3: names sort by UTF-16 code units, so the emoji comes before U+FB33.
  @Test func sortsNamesAsTheStandardDoes() throws {
    let value = try JSONValue(
      parsing: #"""
        {
          "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew", "1": "One", "\ud83d\ude00": "Emoji",
          "\u0080": "Control", "\u00f6": "Latin"
        }
        """#)
    let canonical = try JSONValue(parsing: value.canonical())
    let order = canonical.object?.members.compactMap(\.value.string)
    #expect(order == ["Carriage Return", "One", "Control", "Latin", "Euro Sign", "Emoji", "Hebrew"])
  }

  /// RFC 8785 section 3.2.2.
  @Test func writesTheExampleOfTheStandard() throws {
    let value = try JSONValue(
      parsing: #"""
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
          "literals": [null, true, false]
        }
        """#)
    let expected =
      #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
      + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
    #expect(String(decoding: value.canonical(), as: UTF8.self) == expected)
  }

  /// Mostly from RFC 8785 appendix B.
  @Test(arguments: [
    ("-0", "0"), ("0.0", "0"), ("5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
    ("-1.7976931348623157e308", "-1.7976931348623157e+308"), ("9.007199254740992e15", "9007199254740992"),
    ("295147905179352830000", "295147905179352830000"), ("9.999999999999997e22", "9.999999999999997e+22"),
    ("1e23", "1e+23"),
    ("999999999999999900000", "999999999999999900000"), ("1e21", "1e+21"), ("1e20", "100000000000000000000"),
    ("0.000001", "0.000001"), ("9.999999999999997e-7", "9.999999999999997e-7"),
    ("333333333.3333332", "333333333.3333332"),
    ("0.1e1", "1"), ("-12.50", "-12.5"), ("123.456e1", "1234.56"), ("0.00120", "0.0012"), ("1e400", "1e400"),
    ("9007199254740993", "9007199254740993"),
  ])
  func normalisesNumbers(_ literal: String, _ expected: String) throws {
    #expect(String(decoding: try JSONValue(parsing: literal).canonical(), as: UTF8.self) == expected)
  }
}
