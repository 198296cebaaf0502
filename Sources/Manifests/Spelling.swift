/// Guesses what somebody meant to write.
package enum Spelling {
  /// The candidate nearest to a misspelt word, or nil when none is near enough to be worth saying. Of equally near
  /// candidates the first in order wins, so the same fault always gets the same hint.
  /// - Parameter most: how far away it may be at most, however long the word.
  package static func nearest(
    to word: String, among candidates: some Sequence<String>, atMost most: Int = .max
  ) -> String? {
    let letters = Array(word.lowercased().utf8)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates {
      let limit = best?.distance ?? min(most, max(1, letters.count / 3))
      guard abs(candidate.utf8.count - letters.count) <= limit else { continue }
      let distance = distance(letters, Array(candidate.lowercased().utf8), atMost: limit)
      guard distance <= limit else { continue }
      if let best, (best.distance, best.candidate) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.candidate
  }

  /// "did you mean `userName`?"
  package static func hint(for word: String, among candidates: some Sequence<String>) -> String? {
    nearest(to: word, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// How many insertions, deletions, replacements and swaps of neighbours lie between two words (optimal string
  /// alignment); any number above `limit` when they are further apart than that.
  static func distance(_ a: [UInt8], _ b: [UInt8], atMost limit: Int) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      if row.allSatisfy({ $0 > limit }) { return limit + 1 }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
