import Foundation
import Manifests
import SeededRandom
import Testing

@Suite struct UnifiedDiffTests {
  @Test func showsWhatDiffersWithThreeLinesAround() {
    let old = (1...12).map { "\($0)\n" }.joined()
    let new = old.replacing("6\n", with: "six\n6a\n")
    #expect(
      UnifiedDiff.text(of: "a.yaml", from: old, to: new)
        == "--- a.yaml\n+++ a.yaml\n@@ -3,7 +3,8 @@\n 3\n 4\n 5\n-6\n+six\n+6a\n 7\n 8\n 9\n")
  }

  @Test func documentsAreComparedByThemselves() {
    let old = "---\na: 1\n---\nb: 2\nc: 3\n"
    #expect(
      UnifiedDiff.text(of: "a.yaml", from: old, to: "a: 1\n---\nb: 2\nd: 4\n")
        == "--- a.yaml\n+++ a.yaml\n@@ -1,5 +1,4 @@\n----\n a: 1\n ---\n b: 2\n-c: 3\n+d: 4\n")
  }

  /// To a `String`, CR LF is one character, and none of its lines would end.
  @Test func linesMayEndWithACarriageReturn() {
    let old = (1...12).map { "\($0)\r\n" }.joined()
    #expect(
      UnifiedDiff.text(of: "a.yaml", from: old, to: old.replacing("6\r\n", with: "6\n"))
        == "--- a.yaml\n+++ a.yaml\n@@ -3,7 +3,7 @@\n 3\r\n 4\r\n 5\r\n-6\r\n+6\n 7\r\n 8\r\n 9\r\n")
  }

  @Test func showsNothingWhereNothingDiffers() {
    #expect(UnifiedDiff.text(of: "a.yaml", from: "a\n", to: "a\n").isEmpty)
  }

  /// `patch` makes the new text of the old one.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func patchUnderstandsIt(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let old = (0..<Int.random(in: 1...40, using: &generator)).map { _ in Int.random(in: 0...5, using: &generator) }
    var new = old
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let place = Int.random(in: 0...new.count, using: &generator)
      if Bool.random(using: &generator), place < new.count { new.remove(at: place) } else { new.insert(9, at: place) }
    }
    let ends = [old, new].map { _ in Bool.random(using: &generator) ? "\n" : "\r\n" }
    let texts = zip([old, new], ends).map { lines, end in
      lines.map { ($0 == 5 ? "---" : "\($0)") + end }.joined()
    }
    let diff = UnifiedDiff.text(of: "text", from: texts[0], to: texts[1])
    guard !diff.isEmpty else { return #expect(texts[0] == texts[1]) }

    let folder = FileManager.default.temporaryDirectory.appending(path: "diff-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(texts[0].utf8).write(to: folder.appending(path: "text"))
    try Data(diff.utf8).write(to: folder.appending(path: "diff"))
    let patch = Process()
    patch.executableURL = URL(filePath: "/usr/bin/env")
    patch.arguments = ["patch", "--quiet", "--binary", "-p0", "-i", "diff"]
    patch.currentDirectoryURL = folder
    try patch.run()
    patch.waitUntilExit()
    #expect(patch.terminationStatus == 0)
    let patched = try String(contentsOf: folder.appending(path: "text"), encoding: .utf8)
    #expect(patched == texts[1])
  }
}
