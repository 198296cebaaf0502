import SeededRandom
import Testing

@testable import Manifests

@Suite struct NodeMergingTests {
  private func node(_ text: String) throws -> YAMLNode {
    var reader = YAMLReader(Array(text.utf8))
    return try #require(try reader.next()?.root)
  }

  /// The node in flow style, without its marks.
  private func text(_ node: YAMLNode) -> String {
    switch node.content {
    case .scalar(let text, _): text
    case .sequence(let items): "[\(items.map(text).joined(separator: ", "))]"
    case .mapping(let entries): "{\(entries.map { "\($0.key): \(text($0.value))" }.joined(separator: ", "))}"
    }
  }

  @Test(arguments: [
    ("{a: 1, b: 2}", "{b: 3, c: 4}", "{a: 1, b: 3, c: 4}"),
    ("{a: {b: 1, c: 2}}", "{a: {b: null}}", "{a: {c: 2}}"),
    ("{a: 1}", "{b: null, c: {d: null}}", "{a: 1, c: {}}"),
    ("{a: {b: 1}}", "{a: {$patch: replace, c: 2}}", "{a: {c: 2}}"),
    ("{a: {b: 1}}", "{a: [x]}", "{a: [x]}"),
    (
      "[{type: work, value: a}, {type: home, value: b}]", "[{type: home, value: c}]",
      "[{type: work, value: a}, {type: home, value: c}]"
    ),
    (
      "[{type: work, value: a}, {type: work, value: b}]", "[{type: work, value: b, primary: true}]",
      "[{type: work, value: a}, {type: work, value: b, primary: true}]"
    ),
    (
      "[{type: work, value: a}, {type: work, value: b}]", "[{type: work, value: c}]",
      "[{type: work, value: a}, {type: work, value: b}, {type: work, value: c}]"
    ),
    ("[{value: a}]", "[{value: a, display: A}, {value: b}]", "[{value: a, display: A}, {value: b}]"),
    ("[{type: work, value: a}]", "[{type: work, $patch: delete}]", "[]"),
    ("[{type: work, value: a}]", "[{type: home, $patch: delete}]", "[{type: work, value: a}]"),
    (
      "[{type: work, value: a}]", "[{type: work, value: b}, {type: work, value: c}]",
      "[{type: work, value: b}, {type: work, value: c}]"
    ),
    ("[{a: 1}, [x]]", "[[x], {a: 1}, {a: 2}]", "[{a: 1}, [x], {a: 2}]"), ("[a, b]", "[b, c]", "[a, b, c]"),
    ("[a, b]", "[{$patch: replace}, c]", "[c]"),
    (
      "[alice, {group: ops}]", "[{user: alice, until: 2027-01-01}, {group: ops, $patch: delete}]",
      "[{user: alice, until: 2027-01-01}]"
    ),
    ("{members: [a]}", "{members: {mode: AtLeast, refs: [b]}}", "{members: {refs: [a, b], mode: AtLeast}}"),
    ("{members: {mode: AtLeast, refs: [a]}}", "{members: [b]}", "{members: {mode: AtLeast, refs: [a, b]}}"),
    ("[{name: scim, url: x}]", "[{name: scim, url: y}]", "[{name: scim, url: y}]"),
    ("[{to: userName, from: a}]", "[{to: userName, from: b}]", "[{to: userName, from: b}]"),
  ])
  func merging(base: String, patch: String, result: String) throws {
    #expect(try text(node(base).merged(with: node(patch))) == result)
  }

  /// Laid over twice, a patch says no more than once; and an empty one says nothing.
  @Test(arguments: UInt64(1)...200) func layingOverTwiceIsOnce(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let (base, patch) = (Self.tree(3, &random), Self.tree(3, &random))
    let once = base.merged(with: patch)
    #expect(text(once.merged(with: patch)) == text(once))
    if base.entries != nil {
      #expect(text(base.merged(with: YAMLNode(.mapping([]), at: base.mark))) == text(base))
    }
  }

  /// Whatever nodes hold, they are read back as they were written.
  @Test(arguments: UInt64(1)...200) func whatIsWrittenIsReadBack(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let tree = Self.tree(4, &random)
    var writer = YAMLNodeWriter()
    writer.write(tree)
    let read = try node(writer.text + "\n")
    #expect(text(read) == text(tree))
    #expect(Self.nulls(read) == Self.nulls(tree), "\(writer.text)")
  }

  private static func nulls(_ node: YAMLNode) -> Int {
    switch node.content {
    case .scalar: node.isNull ? 1 : 0
    case .sequence(let items): items.map(nulls).reduce(0, +)
    case .mapping(let entries): entries.map { nulls($0.value) }.reduce(0, +)
    }
  }

  private static let texts = [
    "a", "true", "no", "007", "-1.5e3", "2027-01-01", "2027-01-01T00:00:00Z", "x: y", "# z", " lead", "two\nlines",
    "{flow}",
    "~not", "5%", "ünï", "tab\there", "'quoted'", "null-like", "@at", "&anchor", "- item", "a #b",
  ]

  private static func tree(_ depth: Int, _ random: inout SplitMix64) -> YAMLNode {
    let mark = YAMLMark(line: 1, column: 1)
    switch depth == 0 ? 0 : Int.random(in: 0..<4, using: &random) {
    case 0, 1:
      let plain = ["true", "12", "word", "null"].randomElement(using: &random) ?? "word"
      let quoted = texts.randomElement(using: &random) ?? "a"
      let isPlain = Bool.random(using: &random)
      return YAMLNode(.scalar(isPlain ? plain : quoted, isPlain: isPlain), at: mark)
    case 2:
      return YAMLNode(
        .sequence((0..<Int.random(in: 0...3, using: &random)).map { _ in tree(depth - 1, &random) }), at: mark)
    default:
      let keys = ["a", "b", "type", "value", "name"].filter { _ in Bool.random(using: &random) }
      return YAMLNode(
        .mapping(keys.map { YAMLEntry(key: $0, keyMark: mark, value: tree(depth - 1, &random)) }), at: mark)
    }
  }
}
