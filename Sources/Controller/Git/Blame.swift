import Foundation

/// Which lines of a file belong to which document; lines count from 1.
struct DocumentExtents {
  private let separators: [Int]
  private let count: Int

  init(of bytes: Data) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    count = lines.count
    separators = lines.indices.filter { lines[$0].starts(with: Data("---".utf8)) }.map { $0 + 1 }
  }

  /// The lines of the document that begins at a line; nil when there is no such line.
  func extent(at line: Int) -> ClosedRange<Int>? {
    guard line >= 1, line <= count else { return nil }
    let next = separators.first { $0 > line } ?? count + 1
    return line...max(line, next - 1)
  }
}

/// What `git blame --porcelain` told.
struct Blame {
  private var commits: [String: ManifestRevision] = [:]
  private var lines: [Int: String] = [:]

  init(porcelain text: String) {
    var current: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("\t") {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { continue }
      if words[0].count >= 40, words[0].allSatisfy(\.isHexDigit) {
        let numbers = words[1].split(separator: " ").compactMap { Int($0) }
        guard numbers.count >= 2 else { continue }
        lines[numbers[1]] = words[0]
        current = words[0]
      } else if let current {
        note(words[0], words[1], of: current)
      }
    }
  }

  /// The newest commit among some lines; nil when there is none, or when some were never committed.
  func newest(in range: ClosedRange<Int>) -> ManifestRevision? {
    let ids = Set(range.compactMap { lines[$0] })
    guard !ids.contains(where: { $0.allSatisfy { $0 == "0" } }) else { return nil }
    return ids.compactMap { commits[$0] }.max { ($0.time, $0.commit) < ($1.time, $1.commit) }
  }

  private mutating func note(_ name: String, _ value: String, of commit: String) {
    var revision =
      commits[commit] ?? ManifestRevision(commit: commit, author: "", time: .distantPast, subject: "")
    switch name {
    case "author": revision.author = value
    case "author-mail": revision.author += " \(value)"
    case "committer-time": revision.time = TimeInterval(value).map(Date.init(timeIntervalSince1970:)) ?? .distantPast
    case "summary": revision.subject = value
    default: return
    }
    commits[commit] = revision
  }
}
