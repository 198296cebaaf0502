import Manifests
import Testing

@Suite struct YAMLRefusalTests {
  struct Refusal: CustomTestStringConvertible, Sendable {
    /// The first marker is where the fault must point, the second where its note must.
    var marked: String
    var code: YAMLError.Code
    /// A part of the message.
    var words: String
    /// A part of the hint.
    var hint: String?

    init(_ marked: String, _ code: YAMLError.Code, _ words: String, hint: String? = nil) {
      self.marked = marked
      self.code = code
      self.words = words
      self.hint = hint
    }

    var testDescription: String { marked }
  }

  static let syntax = [
    Refusal("a:\n⟦\tb: c\n", .tab, "a tab indents", hint: "spaces"),
    Refusal("a: b\n⟦\tc\n", .tab, "a tab indents", hint: "spaces"),
    Refusal("a: |\n⟦\tc\n", .tab, "a tab indents", hint: "spaces"),
    Refusal("a: ⟦@home\n", .syntax, "cannot begin with '@'", hint: "quotes"),
    Refusal("a: ⟦`home`\n", .syntax, "cannot begin with '`'", hint: "quotes"),
    Refusal("title: Lead⟦: Sales\n", .syntax, "'key: value' cannot stand here", hint: "quotes"),
    Refusal("a: 1\n b⟦: 2\n", .syntax, "'key: value'"),
    Refusal("a: 'x' ⟦y\n", .syntax, "no 'key: value'"),
    Refusal("a: 1\n⟦bare\nb: 2\n", .syntax, "no ':' after it", hint: "key: value"),
    Refusal("- a\n⟦b: 1\n", .syntax, "no '- item'", hint: "indentation"),
    Refusal("a: ⟦- b\n", .syntax, "'- item' cannot stand here", hint: "line of its own"),
    Refusal("a: [b, c\nd⟦: e\n", .syntax, "list [...] is not closed", hint: "']'"),
    Refusal("a: {b: c\nd⟦: e}\n", .syntax, "is not closed"),
    Refusal("a: {b: $⟦{C}}\n", .syntax, "variable", hint: "quotes"),
    Refusal("a: [$⟦{C:=d}]\n", .syntax, "variable", hint: "quotes"),
    Refusal("a: ⟦\"never closed\nb: c\n", .syntax, "closing quote"),
    Refusal("a: ⟦'never closed\n---\nb: c\n", .syntax, "closing quote", hint: "---"),
    Refusal("path: \"C:\\u⟦sers\"\n", .syntax, "escape", hint: "single quotes"),
    Refusal("glob: ⟦*.txt\n", .syntax, "'*' begins an alias", hint: "quotes"),
    Refusal("a: ⟦!foo!bar x\n", .syntax, "tag", hint: "quotes"),
    Refusal("a: [⟦, b]\n", .syntax, "value is missing", hint: "quotes"),
    Refusal("title: ⟦> 5 years\n", .syntax, "block of text", hint: "quotes"),
    Refusal("a: ⟦!x,y z\n", .syntax, "'!' begins a tag", hint: "quotes"),
    Refusal("a: ⟦? b\n", .syntax, "'? key'", hint: "quotes"),
    Refusal("⟦%b c\n", .syntax, "directive is unknown", hint: "quotes"),
    Refusal("⟦%YAML 3.0\n---\na\n", .syntax, "1.1 and 1.2"),
  ]

  static let meaning = [
    Refusal("⟧a: 1\nb: 2\n⟦a: 3\n", .duplicateKey, "'a' stands twice", hint: "remove"),
    Refusal("x: {⟧b: 1, ⟦\"b\": 2}\n", .duplicateKey, "'b' stands twice"),
    Refusal("⟧<<: {}\n⟦<<: {}\n", .duplicateKey, "'<<' stands twice"),
    Refusal("⟦{a: b}: c\n", .nonScalarKey, "cannot be a key", hint: "quotes"),
    Refusal("name: {⟦{ user }}\n", .nonScalarKey, "cannot be a key", hint: "quotes"),
    Refusal("? ⟦- a\n: b\n", .nonScalarKey, "cannot be a key"),
    Refusal("a: ⟦!!int 7\n", .unknownTag, "!!int", hint: "schema"),
    Refusal("a: ⟦!secret x\n", .unknownTag, "!secret", hint: "remove"),
    Refusal("a: ⟦!!set {x}\n", .unknownTag, "!!set"),
    Refusal("a: ⟦!!str [x]\n", .unknownTag, "!!str"),
    Refusal("a: ⟦*b\n", .unknownAlias, "no anchor &b", hint: "before"),
    Refusal("a: &b [⟦*b]\n", .unknownAlias, "no anchor &b", hint: "outside"),
    Refusal("<<: ⟦text\n", .mergeKey, "mapping", hint: "quotes"),
    Refusal("<<: [{a: 1}, ⟦2]\n", .mergeKey, "mapping"),
  ]

  @Test(arguments: syntax + meaning)
  func isRefusedWithPlaceAndWayOut(_ refusal: Refusal) throws {
    let withoutNote = YAMLFixture(refusal.marked.replacing("⟧", with: ""))
    let fault = try #require(YAMLReader.fault(withoutNote.bytes))
    #expect(fault.code == refusal.code)
    #expect(fault.message.contains(refusal.words), "\(fault.message)")
    #expect([fault.mark.place] == withoutNote.places)
    if let hint = refusal.hint { #expect(fault.hint?.contains(hint) == true, "\(fault.hint ?? "none")") }
    let first = YAMLFixture(refusal.marked.replacing("⟦", with: "").replacing("⟧", with: "⟦"))
    if !first.places.isEmpty { #expect(fault.notes.map(\.mark.place) == first.places) }
  }

  @Test func duplicatesAreFoundAmongManyKeys() throws {
    let keys = (0..<100).map { "k\($0): 1\n" }.joined()
    let fault = try #require(YAMLReader.fault(Array((keys + "k3: 2\n").utf8)))
    #expect(fault.code == .duplicateKey)
    #expect(fault.mark.line == 101)
    #expect(fault.notes.map(\.mark.line) == [4])
  }

  @Test func unclosedListNotesItsBeginning() throws {
    let fault = try #require(YAMLReader.fault(Array("a: [b, c\nd: e\n".utf8)))
    #expect(fault.notes == [YAMLError.Note("it begins here", at: YAMLMark(line: 1, column: 4))])
  }
}

@Suite struct YAMLEncodingTests {
  @Test(
    arguments: [
      [0xFF, 0xFE, 0x61, 0, 0x3A, 0], [0xFE, 0xFF, 0, 0x61], [0x61, 0, 0x3A, 0], [0, 0x61, 0, 0x3A],
      [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0],
    ] as [[UInt8]])
  func wideEncodingsAreRefused(_ bytes: [UInt8]) throws {
    let fault = try #require(YAMLReader.fault(bytes))
    #expect(fault.code == .encoding)
    #expect(fault.message.contains("UTF-16"))
    #expect(fault.hint == "save it as UTF-8")
  }

  @Test(arguments: [[0xFC], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
  func bytesThatAreNotUTF8AreRefusedInPlace(_ bytes: [UInt8]) throws {
    let fault = try #require(YAMLReader.fault(Array("\u{FEFF}a: ü\nname: Jü".utf8) + bytes + Array("\n".utf8)))
    #expect(fault.code == .encoding)
    #expect(fault.message.contains("not UTF-8"))
    #expect(fault.mark == YAMLMark(line: 2, column: 9))
  }

  @Test func controlCharactersAreRefusedInPlace() throws {
    let fault = try #require(YAMLReader.fault(Array("a: b\nc: x\u{7}y\n".utf8)))
    #expect(fault.code == .encoding)
    #expect(fault.message.contains("control character"))
    #expect(fault.mark == YAMLMark(line: 2, column: 5))
  }
}

@Suite struct YAMLLimitTests {
  @Test func oversizedFilesAreRefused() throws {
    let bytes = Array("a: 123456789\n".utf8)
    #expect(YAMLReader.fault(bytes, limits: .init(maxBytes: bytes.count)) == nil)
    #expect(YAMLReader.fault(bytes, limits: .init(maxBytes: bytes.count - 1))?.code == .tooLarge)
  }

  @Test func tagDirectivesAreCounted() {
    let directives = (0..<100).map { "%TAG !a\($0)! b\n" }
    #expect(YAMLReader.fault(Array((directives[..<64].joined() + "--- a\n").utf8)) == nil)
    #expect(YAMLReader.fault(Array((directives.joined() + "--- a\n").utf8))?.code == .tooLarge)
    #expect(YAMLReader.fault(Array(String(repeating: "- 5%TAG\n", count: 100).utf8)) == nil)
  }

  @Test(arguments: ["[", "- ", "{a: ", "? "])
  func depthBombsAreRefused(_ opening: String) {
    let bytes = Array(String(repeating: opening, count: 100_000).utf8)
    #expect(YAMLReader.fault(bytes)?.code == .tooDeep)
  }

  @Test func depthCountsCollections() {
    #expect(YAMLReader.fault(Array("[[[1]]]".utf8), limits: .init(maxDepth: 3)) == nil)
    #expect(YAMLReader.fault(Array("[[[[]]]]".utf8), limits: .init(maxDepth: 3))?.code == .tooDeep)
  }

  @Test func depthCountsWhatAliasesBringIn() {
    let text = Array("a: &a [[1]]\nb: [[*a]]\n".utf8)
    #expect(YAMLReader.fault(text, limits: .init(maxDepth: 5)) == nil)
    #expect(YAMLReader.fault(text, limits: .init(maxDepth: 4))?.mark == YAMLMark(line: 2, column: 6, length: 2))
  }

  @Test func nodesAreCountedByDocument() {
    let text = Array("a: 1\n---\nb: [1, 2]\n".utf8)
    #expect(YAMLReader.fault(text, limits: .init(maxNodes: 5)) == nil)
    #expect(YAMLReader.fault(text, limits: .init(maxNodes: 4))?.code == .tooManyNodes)
  }

  @Test func aliasBombsAreRefused() throws {
    let lines = (1...9).map {
      "l\($0): &l\($0) [\(Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ", "))]\n"
    }
    let fault = try #require(YAMLReader.fault(Array(("l0: &l0 lol\n" + lines.joined()).utf8)))
    #expect(fault.code == .aliasExpansion)
    #expect(fault.mark.line == 6)
  }

  @Test func aliasExpansionCountsKeysAndValues() {
    let text = Array("a: &a {x: 1, y: [2, 3]}\nb: *a\nc: *a\n".utf8)
    #expect(YAMLReader.fault(text, limits: .init(maxAliasExpansion: 14)) == nil)
    #expect(YAMLReader.fault(text, limits: .init(maxAliasExpansion: 13))?.code == .aliasExpansion)
  }
}
