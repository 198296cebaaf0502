import JSON
import Manifests
import SCIM
import Testing

@Suite struct YAMLScalarTests {
  typealias Row = (text: String, type: Attribute.DataType, value: JSONValue)

  @Test(
    arguments: [
      ("no", .string, "no"), ("on", .string, "on"), ("1e3", .string, "1e3"), ("007", .string, "007"),
      ("2026-01-01", .string, "2026-01-01"), ("true", .string, "true"), ("0x1F", .string, "0x1F"),
      ("null", .string, nil), ("~", .integer, nil), ("", .boolean, nil), ("NULL", .dateTime, nil),
      ("Null", .complex, nil),
      ("nUll", .string, "nUll"),
      ("true", .boolean, true), ("True", .boolean, true), ("TRUE", .boolean, true),
      ("false", .boolean, false), ("False", .boolean, false), ("FALSE", .boolean, false),
      ("7", .integer, 7), ("007", .integer, 7), ("-12", .integer, -12), ("+5", .integer, 5), ("0x1F", .integer, 31),
      ("0o17", .integer, 15), ("0", .integer, 0), ("000", .integer, 0),
      ("3", .decimal, 3), ("2026-12-01T00:00:00Z", .dateTime, "2026-12-01T00:00:00Z"),
      ("2024-02-29T23:59:59.123+01:30", .dateTime, "2024-02-29T23:59:59.123+01:30"),
      ("aGk=", .binary, "aGk="), ("https://a.example", .reference, "https://a.example"),
    ] as [Row])
  func theSchemaDecides(_ row: Row) throws {
    #expect(try YAMLScalar.value(row.text, isPlain: true, as: row.type) == row.value)
  }

  @Test(arguments: [
    ("123456789012345678901234567890", "123456789012345678901234567890"), ("1e3", "1e3"), ("1E+3", "1e+3"),
    ("1.50", "1.50"), ("+1.5", "1.5"), (".5", "0.5"), ("-.5e-3", "-0.5e-3"), ("5.", "5"), ("00.10", "0.10"),
    ("-0", "-0"),
    ("0x10", "16"),
  ])
  func numbersKeepTheirDigits(_ text: String, _ literal: String) throws {
    #expect(try YAMLScalar.value(text, isPlain: true, as: .decimal).number?.literal == literal)
  }

  @Test(
    arguments: [
      ("yes", .boolean, "write true"), ("No", .boolean, "write false"), ("off", .boolean, "write false"),
      ("tRue", .boolean, nil), ("1", .boolean, "write true"),
      ("1e3", .integer, "without exponent"), ("1.0", .integer, "without '.'"), ("1_000", .integer, "separators"),
      ("1,000", .decimal, "separators"), ("seven", .integer, nil), ("0x+1F", .integer, nil),
      ("0xFFFFFFFFFFFFFFFFF", .integer, nil),
      ("0o8", .integer, nil), ("1:30", .integer, nil), ("٣", .integer, nil), ("-", .integer, nil),
      (".inf", .decimal, "finite"), ("-.INF", .decimal, "finite"), (".nan", .decimal, "finite"), (".", .decimal, nil),
      ("1e", .decimal, nil), ("1.2.3", .decimal, nil),
      ("2026-12-01", .dateTime, "2026-12-01T00:00:00Z"), ("2026-12-01T00:00:00", .dateTime, "2026-12-01T00:00:00Z"),
      ("2026-12-01 10:00:00Z", .dateTime, "2026-12-01T10:00:00Z"), ("2026-02-29T00:00:00Z", .dateTime, "write it as"),
      ("2026-13-01T00:00:00Z", .dateTime, "write it as"), ("2026-12-01T24:00:00Z", .dateTime, "write it as"),
      ("2026-12-01T00:00:00.Z", .dateTime, "write it as"), ("2026-12-01T00:00:00+0100", .dateTime, "write it as"),
      ("1900-02-29T00:00:00Z", .dateTime, "write it as"), ("tomorrow", .dateTime, "write it as"),
      ("text", .complex, nil),
    ] as [(String, Attribute.DataType, String?)])
  func whatDoesNotFitIsRefused(_ text: String, _ type: Attribute.DataType, _ hint: String?) throws {
    let error = try #require(throws: YAMLScalarError.self) { try YAMLScalar.value(text, isPlain: true, as: type) }
    #expect(error.message.contains("'\(text)'"))
    if let hint {
      #expect(error.hint?.contains(hint) == true, "\(error.hint ?? "none")")
    } else {
      #expect(error.hint == nil)
    }
  }

  @Test(arguments: [("true", .boolean), ("7", .integer), ("1.5", .decimal)] as [(String, Attribute.DataType)])
  func quotedScalarsAreText(_ text: String, _ type: Attribute.DataType) throws {
    let error = try #require(throws: YAMLScalarError.self) { try YAMLScalar.value(text, isPlain: false, as: type) }
    #expect(error.hint == "remove the quotes")
    #expect(try YAMLScalar.value(text, isPlain: false, as: .string) == .string(text))
  }

  @Test func quotedNullsAreText() throws {
    #expect(try YAMLScalar.value("null", isPlain: false, as: .string) == "null")
    #expect(try YAMLScalar.value("", isPlain: false, as: .string) == "")
  }

  @Test(
    arguments: [
      ("null", nil), ("true", true), ("yes", "yes"), ("007", 7), ("0o17", 15),
      ("1.5", .number(.init(validLiteral: "1.5"))),
      (".inf", ".inf"), ("2026-01-01", "2026-01-01"), ("1_000", "1_000"), ("text", "text"),
    ] as [(String, JSONValue)])
  func withoutASchemaTheCoreSchemaDecides(_ text: String, _ value: JSONValue) {
    #expect(YAMLScalar.inferred(text, isPlain: true) == value)
    #expect(YAMLScalar.inferred(text, isPlain: false) == .string(text))
  }
}
