import JSON
import Manifests
import Testing

@Suite struct YAMLDocumentTests {
  @Test func streamsHoldSeveralDocuments() throws {
    let fixture = YAMLFixture("⟦a: 1\n⟦---\n# nothing\n⟦---\nb: 2\n...\n⟦---\nnull\n")
    let documents = try YAMLReader.documents(fixture.bytes)
    #expect(documents.map(\.mark.place) == fixture.places)
    #expect(documents.map { $0.root?.json } == [["a": 1], nil, ["b": 2], .null])
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}"])
  func filesWithoutDocumentsHaveNone(_ text: String) throws {
    #expect(try YAMLReader.documents(Array(text.utf8)).isEmpty)
  }

  @Test func theEndStaysTheEnd() throws {
    var reader = YAMLReader(Array("a".utf8))
    #expect(try reader.next() != nil)
    #expect(try reader.next() == nil)
    #expect(try reader.next() == nil)
  }

  @Test func borrowedBytesReadAlike() throws {
    let bytes = Array("a: [1, x]\n".utf8)
    let root = try bytes.withUnsafeBufferPointer { buffer in
      var reader = YAMLReader(borrowing: buffer)
      return try reader.next()?.root
    }
    #expect(root == (try YAMLReader.documents(bytes).first?.root))
  }

  @Test func documentsBeforeASyntaxErrorAreKeptAndNoneFollow() throws {
    var reader = YAMLReader(Array("a: 1\n---\nb: [\n---\nc: 3\n".utf8))
    #expect(try reader.next()?.root?.json == ["a": 1])
    #expect(throws: YAMLError.self) { try reader.next() }
    #expect(try reader.next() == nil)
  }

  @Test func readingGoesOnAfterADocumentThatMeansNothing() throws {
    var reader = YAMLReader(Array("a: 1\na: [2]\nc: {d: e}\n---\nb: *x\n---\nc: 3\n".utf8))
    #expect(throws: YAMLError.self) { try reader.next() }
    #expect(throws: YAMLError.self) { try reader.next() }
    #expect(try reader.next()?.root?.json == ["c": 3])
    #expect(try reader.next() == nil)
  }

  @Test func syntaxErrorsOnTheWayToTheNextDocumentAreReported() throws {
    var reader = YAMLReader(Array("a: 1\na: 2\nb: ]\n---\nc: 3\n".utf8))
    let codes = [fault(&reader)?.code, fault(&reader)?.code]
    #expect(codes == [.duplicateKey, .syntax])
    #expect(try reader.next() == nil)
  }

  private func fault(_ reader: inout YAMLReader) -> YAMLError? {
    do throws(YAMLError) {
      _ = try reader.next()
      return nil
    } catch {
      return error
    }
  }

  @Test func quotedBlockAndTaggedScalarsAreNotPlain() throws {
    let root = try #require(try YAMLReader.root("[a, 'a', \"a\", !!str a, ! a, !!str , \n ]\n"))
    #expect(
      root.items?.map(\.content) == [
        .scalar("a", isPlain: true), .scalar("a", isPlain: false), .scalar("a", isPlain: false),
        .scalar("a", isPlain: false), .scalar("a", isPlain: false), .scalar("", isPlain: false),
      ])
    #expect(try YAMLReader.root("|\n  no\n")?.content == .scalar("no\n", isPlain: false))
    #expect(try YAMLReader.root("!!map {a: !!seq [b]}")?.json == ["a": ["b"]])
  }
}

@Suite struct YAMLAliasTests {
  @Test func aliasesRepeatTheirAnchors() throws {
    let root = try #require(try YAMLReader.root("a: &x {k: [1, 2]}\nb: *x\nc: &y text\nd: [*y, *y]\n*y : key\n"))
    #expect(
      root.json == [
        "a": ["k": [1, 2]], "b": ["k": [1, 2]], "c": "text", "d": ["text", "text"], "text": "key",
      ])
  }

  @Test func anAliasedNodeBearsTheMarkOfItsAlias() throws {
    let root = try #require(try YAMLReader.root("a: &x {k: v}\nb: *x\n"))
    #expect(root["b"]?.mark == YAMLMark(line: 2, column: 4, length: 2))
    #expect(root["b"]?["k"]?.mark == root["a"]?["k"]?.mark)
  }

  @Test func anchorsMayBeRedefinedAndEndWithTheirDocument() throws {
    #expect(try YAMLReader.root("[&a 1, *a, &a 2, *a]")?.json == [1, 1, 2, 2])
    #expect(YAMLReader.fault(Array("&a x\n---\n*a\n".utf8))?.code == .unknownAlias)
  }

  @Test(
    arguments: [
      ("{<<: *b, own: 1}", ["own": 1, "x": 1, "y": 2]),
      ("{x: own, <<: *b}", ["x": "own", "y": 2]),
      ("{<<: *b, x: own}", ["x": "own", "y": 2]),
      ("{<<: [*b, *c]}", ["x": 1, "y": 2, "z": 3]),
      ("{<<: [*c, *b]}", ["y": "c", "z": 3, "x": 1]),
      ("{<<: {in: line}}", ["in": "line"]),
      ("{<<: []}", [:]),
      ("{\"<<\": *b}", ["<<": ["x": 1, "y": 2]]),
      ("{!!str <<: 1}", ["<<": 1]),
    ] as [(String, JSONValue)])
  func mergeKeysYieldToTheKeysOfTheMapping(_ mapping: String, _ expected: JSONValue) throws {
    let root = try #require(try YAMLReader.root("b: &b {x: 1, y: 2}\nc: &c {y: c, z: 3}\nd: \(mapping)\n"))
    #expect(root["d"]?.json == expected)
  }

  @Test func mergedMappingsMayBeMergedAgain() throws {
    let root = try YAMLReader.root("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, z: 3}\n")
    #expect(root?["c"]?.json == ["x": 1, "y": 2, "z": 3])
  }
}
