/// A pattern for names, in which `*` stands for any text: `*`, `a*`, `SECONDARY/*son`. Case does not count.
///
/// Before a slash in a name stands its user store; without one, the pattern is for the names of every store.
struct NamePattern: Hashable, Sendable {
  /// nil for every user store.
  let domain: String?
  /// What stands between the asterisks, in lower case.
  private let parts: [String]

  /// A pattern for the names of users.
  init(_ pattern: String) {
    let slash = pattern.firstIndex(of: "/")
    domain = slash.map { String(pattern[..<$0]) }
    parts = Self.parts(slash.map { pattern[pattern.index(after: $0)...] } ?? pattern[...])
  }

  /// A pattern for texts that tell no user store.
  init(value pattern: String) {
    domain = nil
    parts = Self.parts(pattern[...])
  }

  private static func parts(_ pattern: Substring) -> [String] {
    pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  }

  /// Whether the pattern is the text itself.
  var isLiteral: Bool { parts.count == 1 }

  /// Whether every name fits.
  var isAny: Bool { parts.count > 1 && parts.allSatisfy(\.isEmpty) }

  /// A text that every fitting name contains; nil when there is none.
  var literal: String? { parts.max { $0.count < $1.count }.flatMap { $0.isEmpty ? nil : $0 } }

  /// Whether a name fits, its user store apart.
  func matches(name: String) -> Bool {
    matches(name[(name.firstIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex)...])
  }

  /// Whether a whole text fits.
  func matches(_ text: some StringProtocol) -> Bool {
    let text = text.lowercased()
    guard parts.count > 1 else { return text == parts[0] }
    guard text.hasPrefix(parts[0]) else { return false }
    var rest = text.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
