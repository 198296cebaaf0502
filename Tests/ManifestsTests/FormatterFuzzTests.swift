import Manifests
import SeededRandom
import Testing

/// Whatever the file, its canonical layout says the same, and is its own canonical layout. The formatter compares meaning
/// and comments itself and calls a file unsupported when they differ, so that is what must not happen.
@Suite struct FormatterFuzzTests {
  private static let seeds = [
    "# top\napiVersion: rollcall/v1 # v\nkind: User\nmetadata:\n  name: alice\n  labels: {team: platform, tier: \"2\"}\n---\n# b\na: b\n",
    "a: &a {x: 1, y: [2, 3]} # a\n\nb: {<<: *a, z: [4, # four\n  5]}\n# c\nc: [*a, *a]\nd:\n- 1\n# two\n-  2\n",
    "%YAML 1.2\n---\n? 'complex'\n: !!str \"esc\\u00e9 \\\n  folded\"\nb: >-\n  folded\n\n  text\n...\n# end\n",
    "- |+\n  one\n\n- |2\n    two\n   three\n# x\n- - a: b\n    c: 'it''s\n\n      so'\n  -\n    # y\n- plain\n  text # z\n",
    "a:\n    b: # b\n        - c:   1\n          d: {e: f, g: }\n    # h\n        - i\n\n\n    j: |-\n          k\n           l\n  \nm:\n# n\no: p\n",
  ]

  @Test(arguments: 0..<400 as Range<UInt64>)
  func formattingKeepsMeaningAndCommentsAndEnds(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for text in Self.seeds {
      var bytes = Array(text.utf8)
      for _ in 0..<Int.random(in: 0...4, using: &generator) { mutate(&bytes, using: &generator) }
      check(bytes)
    }
  }

  private func check(_ bytes: [UInt8]) {
    guard case .formatted(let once)? = formatted(bytes) else { return }
    guard case .formatted(let twice)? = formatted(once) else {
      Issue.record("what was formatted cannot be read: \(String(decoding: bytes, as: UTF8.self).debugDescription)")
      return
    }
    #expect(once == twice, "formatting is not idempotent: \(String(decoding: bytes, as: UTF8.self).debugDescription)")
  }

  private func formatted(_ bytes: [UInt8]) -> ManifestFormatter.Result? {
    let result = ManifestFormatter.format(ManifestSource(path: "x.yaml", bytes: bytes))
    if case .unsupported = result {
      Issue.record("no layout: \(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
    return result
  }

  private func mutate(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let end = Int.random(in: place...min(bytes.count, place + 12), using: &generator)
    let indicators = Array("-?:,[]{}#&*!|>'\"%\t\n\n\n    ".utf8)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(contentsOf: " # x\n".utf8, at: place)
    case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
    default: bytes.insert(indicators.randomElement(using: &generator) ?? 0, at: place)
    }
  }
}
