/// The difference of two texts as `diff -u` shows it.
package struct UnifiedDiff {
  /// How many lines around a change are shown.
  private static let context = 3

  private enum Line {
    case same(Substring), removed(Substring), added(Substring)
  }

  private var lines: [Line] = []

  /// The diff of a file; empty when nothing differs.
  package static func text(of path: String, from old: String, to new: String) -> String {
    let diff = UnifiedDiff(from: old, to: new)
    let hunks = diff.hunks
    guard !hunks.isEmpty else { return "" }
    return "--- \(path)\n+++ \(path)\n" + hunks.map(diff.text).joined()
  }

  private init(from old: String, to new: String) {
    let before = Self.documents(old)
    let after = Self.documents(new)
    // A comparison of documents by themselves costs far less than one of the whole, and says the same.
    if before.count == after.count {
      for (before, after) in zip(before, after) { compare(before, after) }
    } else {
      compare(ArraySlice(before.joined()), ArraySlice(after.joined()))
    }
    // The line after the last line end is none.
    if case .same("")? = lines.last { lines.removeLast() }
  }

  /// The lines of each document of a text, its `---` among them. A line that ends with CR LF keeps the CR; to a `String`,
  /// the two are one character.
  private static func documents(_ text: String) -> [ArraySlice<Substring>] {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
    let starts = [0] + lines.indices.dropFirst().filter { lines[$0].hasPrefix("---") }
    return zip(starts, starts.dropFirst() + [lines.count]).map { lines[$0..<$1] }
  }

  private mutating func compare(_ before: ArraySlice<Substring>, _ after: ArraySlice<Substring>) {
    let (before, after) = (Array(before), Array(after))
    let difference = after.difference(from: before)
    let removed = Set(
      difference.removals.compactMap { if case .remove(let offset, _, _) = $0 { offset } else { nil } })
    let added = Set(
      difference.insertions.compactMap { if case .insert(let offset, _, _) = $0 { offset } else { nil } })
    var next = 0
    for (index, line) in before.enumerated() {
      if removed.contains(index) {
        lines.append(.removed(line))
        continue
      }
      while added.contains(next) {
        lines.append(.added(after[next]))
        next += 1
      }
      lines.append(.same(line))
      next += 1
    }
    lines += after[min(next, after.count)...].map(Line.added)
  }

  /// The parts with changes in them, with what stands around.
  private var hunks: [Range<Int>] {
    var hunks: [Range<Int>] = []
    for (index, line) in lines.enumerated() {
      if case .same = line { continue }
      let part = max(0, index - Self.context)..<min(lines.count, index + Self.context + 1)
      if let last = hunks.last, part.lowerBound <= last.upperBound {
        hunks[hunks.count - 1] = last.lowerBound..<part.upperBound
      } else {
        hunks.append(part)
      }
    }
    return hunks
  }

  private func text(_ hunk: Range<Int>) -> String {
    let before = counts(lines[..<hunk.lowerBound])
    let inside = counts(lines[hunk])
    let head = "@@ -\(range(before.old, inside.old)) +\(range(before.new, inside.new)) @@\n"
    return lines[hunk].reduce(into: head) { text, line in
      switch line {
      case .same(let line): text += " \(line)\n"
      case .removed(let line): text += "-\(line)\n"
      case .added(let line): text += "+\(line)\n"
      }
    }
  }

  private func counts(_ lines: ArraySlice<Line>) -> (old: Int, new: Int) {
    lines.reduce(into: (0, 0)) { counts, line in
      switch line {
      case .same: counts = (counts.0 + 1, counts.1 + 1)
      case .removed: counts.0 += 1
      case .added: counts.1 += 1
      }
    }
  }

  /// A part of no lines is said to stand after the line before it.
  private func range(_ before: Int, _ count: Int) -> String {
    let start = count == 0 ? before : before + 1
    return count == 1 ? "\(start)" : "\(start),\(count)"
  }
}
