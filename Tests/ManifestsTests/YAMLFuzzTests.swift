import Manifests
import SeededRandom
import Testing

/// Whatever the bytes, the reader ends, with documents or with a fault that has a place.
@Suite struct YAMLFuzzTests {
  private static let seeds = [
    "apiVersion: rollcall/v1\nkind: User\nmetadata:\n  name: alice\n  labels: {team: platform, tier: \"2\"}\n---\na: b\n",
    "a: &a {x: 1, y: [2, 3]}\nb: {<<: *a, z: |+\n  text\n\n  more\n}\nc: [*a, *a]\n",
    "%YAML 1.2\n---\n? 'complex'\n: !!str \"esc\\u00e9 \\\n  folded\"\n- >-\n  folded\n\n  text\n...\n# end\n",
    "[[{a: [b, {c: d}]}], 'it''s', \"\\x41\", *x, &y z, ! t]\n---\r\n\u{FEFF}k:\tv\n",
  ]
  private static let limits = YAMLReader.Limits(
    maxBytes: 1 << 20, maxDepth: 16, maxNodes: 10_000, maxAliasExpansion: 1_000)

  @Test(arguments: 0..<300 as Range<UInt64>)
  func mutatedFilesNeverBreakTheReader(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for text in Self.seeds {
      var bytes = Array(text.utf8)
      for _ in 0..<Int.random(in: 1...8, using: &generator) { mutate(&bytes, using: &generator) }
      try check(bytes)
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func randomBytesNeverBreakTheReader(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let alphabet = Array(" \n\t-?:,[]{}#&*!|>'\"%@`<=~a1\\\r".utf8)
    let length = Int.random(in: 0...200, using: &generator)
    try check((0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    try check((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
  }

  private func mutate(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let end = Int.random(in: place...min(bytes.count, place + 12), using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
    case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
    default: bytes.insert("-?:,[]{}#&*!|>'\"%\t\n ".utf8.randomElement(using: &generator) ?? 0, at: place)
    }
  }

  /// Every call returns a document or uses up at least one event, so more calls than bytes mean a hang.
  private func check(_ bytes: [UInt8]) throws {
    var reader = YAMLReader(bytes, limits: Self.limits)
    let lines = UInt32(bytes.count { $0 == 0x0A || $0 == 0x0D || $0 == 0x85 || $0 == 0xA8 || $0 == 0xA9 } + 2)
    for _ in 0...(bytes.count + 1) {
      do throws(YAMLError) {
        guard let document = try reader.next() else { return }
        #expect(document.root?.marks.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 } ?? true)
      } catch {
        #expect((1...lines).contains(error.mark.line) && error.mark.column >= 1)
        #expect(!error.message.isEmpty)
      }
    }
    Issue.record("the reader does not come to an end: \(bytes)")
  }
}
