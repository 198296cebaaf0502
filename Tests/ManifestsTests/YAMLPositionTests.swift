import Manifests
import Testing

@Suite struct YAMLPositionTests {
  @Test(arguments: [
    "⟦a: ⟦b",
    "⟦metadata:\n  ⟦name: ⟦alice\n  ⟦labels: {⟦team: ⟦platform, ⟦tier: ⟦\"2\"}\n",
    "- ⟦one\n- - ⟦two\n  - ⟦three\n- ⟦k: ⟦v\n",
    "⟦größe: ⟦Jürgen\n⟦日本: {⟦x: ⟦語, ⟦y: ⟦z}\n",
    "⟦emoji: [⟦👩‍👩‍👧, ⟦after]",
    "# comment\n\n⟦a:\n    # another\n    ⟦b: ⟦c\n",
    "⟦text: ⟦|\n  one\n  two\n⟦next: ⟦>\n  three\n",
    "⟦multi: ⟦one\n  two\n⟦quoted: ⟦'it''s\n  here'\n",
    "⟦tagged: ⟦!!str 1\n⟦anchored: ⟦&a 1\n",
    "? ⟦long\n: ⟦value\n",
    "⟦nothing:⟦\n⟦more: ⟦1\n",
  ])
  func everyKeyAndScalarKnowsItsPlace(_ marked: String) throws {
    let fixture = YAMLFixture(marked)
    let root = try #require(try YAMLReader.root(fixture.text))
    #expect(root.marks.map(\.place) == fixture.places)
  }

  @Test func lengthIsThatOfTheTextOnItsLine() throws {
    let root = try #require(try YAMLReader.root("größe: 'it''s'\nlist: [a, bcd]\ntext: |\n  one\n"))
    #expect(root.marks.map(\.length) == [5, 7, 4, 1, 3, 4, 1])
    #expect(root["list"]?.mark == YAMLMark(line: 2, column: 7))
  }

  @Test func windowsLineEndsAndByteOrderMarkTakeNoColumn() throws {
    let root = try #require(try YAMLReader.root("\u{FEFF}a: 1\r\nb:\r\n  c: 2\r\n"))
    #expect(
      root.marks == [
        YAMLMark(line: 1, column: 1), YAMLMark(line: 1, column: 4), YAMLMark(line: 2, column: 1),
        YAMLMark(line: 3, column: 3), YAMLMark(line: 3, column: 6),
      ])
  }

  @Test func placesBeyondTheRangeAreClamped() {
    let mark = YAMLMark(line: .max, column: 70_000, length: -3)
    #expect(mark.line == 67_108_863)
    #expect(mark.column == .max)
    #expect(mark.length == 1)
  }
}
