import JSON
import Manifests
import SeededRandom
import Testing

@Suite struct YAMLWriterTests {
  private func written(_ value: JSONValue) -> String {
    var writer = YAMLWriter()
    writer.append(value)
    return writer.text
  }

  @Test func manifestsReadAsPeopleWriteThem() throws {
    var writer = YAMLWriter()
    writer.append([
      "kind": "User",
      "metadata": ["name": "alice", "labels": ["team": "platform", "tier": "2"]],
      "spec": [
        "active": true, "logins": 7, "note": "first\n\n  second\n", "tags": [], "extensions": [:], "manager": nil,
        "emails": [["value": "a@corp.example", "primary": true], ["value": "b@corp.example"]],
        "grid": [["a", "no"], []],
      ],
    ])
    writer.append(["kind": "Group"])
    #expect(
      writer.text == """
        kind: User
        metadata:
          name: alice
          labels:
            team: platform
            tier: "2"
        spec:
          active: true
          logins: 7
          note: |
            first

              second
          tags: []
          extensions: {}
          manager: null
          emails:
            - value: a@corp.example
              primary: true
            - value: b@corp.example
          grid:
            - - a
              - "no"
            - []
        ---
        kind: Group

        """)
  }

  @Test(arguments: [
    "alice", "Alice Müller", "user@corp.example", "https://a.example:8443/x?y=z#frag", "a,b [c] {d}",
    "emails[type eq \"work\"]",
    "VP, Finance & Treasury", "-dash", "a:b", "a#b", "it's", "日本語", "👩‍👩‍👧", "2819c223-7f76-453a-919d-413861904646", "v1.2",
    "nope", "yesterday", "~user", "$ref", "(x)", "/path", "30d", "a\\b",
  ])
  func harmlessTextStaysPlain(_ text: String) { #expect(written(.string(text)) == text + "\n") }

  @Test(arguments: [
    "", "no", "No", "NO", "yes", "on", "Off", "y", "N", "true", "FALSE", "null", "Null", "~", "nULL",
    "1", "007", "-1", "+1", "1.5", ".5", "1e3", "1_000", "1,000", "0x1F", "0b1", "0o7", "190:20:30", ".inf", "-.INF",
    ".NaN",
    "2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01 10:00:00", "<<", "=",
    " lead", "trail ", "a: b", "a #b", "a:", "- a", "-", "?", "? a", ": a", "[a", "{a", "#a", "&a", "*a", "!a", "|",
    ">", "'a",
    "\"a", "%a", "@a", "`a", ",a", "---", "--- a", "...", "... a", "tab\there", "bell\u{7}", "nul\u{0}", "\u{FEFF}bom",
    "\u{85}", "\u{2028}", "\r\n", "\n", " \n", "a \nb", "\u{FFFE}", "- \u{301}x", "a: \u{301}",
  ])
  func textThatCouldBeMisreadIsQuoted(_ text: String) throws {
    for value in [.string(text), [.string(text)], [text: .string(text)]] as [JSONValue] {
      let output = written(value)
      #expect(output.contains("\""), "\(output)")
      #expect(try YAMLReader.root(output)?.json == value)
    }
  }

  @Test(arguments: [
    ("a\nb", "|-\n  a\n  b\n"), ("a\nb\n", "|\n  a\n  b\n"), ("a\n\n", "|+\n  a\n\n"),
    ("a\n\n\n b\n", "|\n  a\n\n\n   b\n"),
    ("---\n#x", "|-\n  ---\n  #x\n"),
  ])
  func linesBecomeALiteralBlock(_ text: String, _ block: String) throws {
    #expect(written(.string(text)) == block)
    for value in [.string(text), [.string(text), "next"], ["k": .string(text), "next": 1]] as [JSONValue] {
      #expect(try YAMLReader.root(written(value))?.json == value)
    }
  }

  @Test(arguments: [("1e3", "1.0e+3"), ("1.5E-7", "1.5e-7"), ("-2e+10", "-2.0e+10"), ("12.50", "12.50"), ("7", "7")])
  func oldReadersTakeNumbersForNumbersToo(_ literal: String, _ text: String) throws {
    let value = JSONValue.number(JSONNumber(validLiteral: literal))
    #expect(written(value) == text + "\n")
    #expect(YAMLScalar.inferred(text, isPlain: true) == value)
  }

  @Test func longKeysAreAnnounced() throws {
    let key = String(repeating: "k", count: 2000)
    for value in [[key: "v"], ["a": [key: ["b": [1]]]], [[key: [1]]]] as [JSONValue] {
      #expect(try YAMLReader.root(written(value))?.json == value)
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func readingReversesWriting(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let values = (0..<8).map { _ in JSONValue.random(depth: 4, using: &generator) }
    var writer = YAMLWriter()
    for value in values { writer.append(value) }
    let read = try YAMLReader.documents(Array(writer.text.utf8)).map { $0.root?.json }
    #expect(read == values, "seed \(seed):\n\(writer.text)")
  }
}

extension JSONValue {
  fileprivate static func random(depth: Int, using generator: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 12 : 8), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .number(JSONNumber(.random(in: -1_000_000...1_000_000, using: &generator)))
    case 3:
      return .number(
        JSONNumber(
          validLiteral: "\(Int.random(in: -9...9, using: &generator)).5e\(Int.random(in: 0...9, using: &generator))"))
    case 4...7: return .string(randomText(using: &generator))
    case 8, 9:
      return .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
    default:
      let pairs = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        (randomText(using: &generator), random(depth: depth - 1, using: &generator))
      }
      return .object(JSONObject(pairs))
    }
  }

  /// Pieces that matter to YAML, put together at random.
  private static func randomText(using generator: inout SplitMix64) -> String {
    let pieces = [
      "a", "Z", "0", "7", "é", "e\u{301}", "\u{301}", "日", "👩‍👧", " ", " ", "\n", "\n", "\t", "\r", ":", "#", "-", "---",
      "...", "?",
      ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "\\", "%", "@", "`", "~", "<<", "=", ".", "+", "_",
      "e", "x",
      "no", "null", "true", "2026-01-01", "\u{0}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{FEFF}", "\u{FFFF}",
      "\u{10FFFF}",
    ]
    return (0..<Int.random(in: 0...6, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
      .joined()
  }
}
