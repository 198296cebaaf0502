/// A pattern for names: `*` stands for any characters, `?` for one; everything else stands for itself.
package struct NamePattern: Hashable, Sendable, CustomStringConvertible {
  package let description: String
  private let characters: [Character]

  package init(_ text: String) {
    description = text
    characters = Array(text)
  }

  /// In time that grows with the product of both lengths at most, whatever the pattern.
  package func matches(_ text: some StringProtocol) -> Bool {
    let text = Array(text)
    var (pattern, position) = (0, 0)
    /// Where to go on when what follows the last asterisk does not fit.
    var retry: (pattern: Int, position: Int)?
    while position < text.count {
      if pattern < characters.count, characters[pattern] == "*" {
        retry = (pattern, position)
        pattern += 1
      } else if pattern < characters.count, characters[pattern] == "?" || characters[pattern] == text[position] {
        pattern += 1
        position += 1
      } else if let last = retry {
        retry = (last.pattern, last.position + 1)
        (pattern, position) = (last.pattern + 1, last.position + 1)
      } else {
        return false
      }
    }
    return characters[pattern...].allSatisfy { $0 == "*" }
  }
}

/// A pattern for the paths of files, as in `CODEOWNERS`: `*` and `?` stay within a name, `**` stands for any folders. A
/// pattern with a slash in front or inside begins at the top, any other may begin in every folder. One that names a folder
/// matches all that is in it; one that ends in a `*` does not go deeper.
package struct PathPattern: Hashable, Sendable, CustomStringConvertible {
  package let description: String
  /// nil stands for any folders.
  private let parts: [NamePattern?]
  private let goesDeeper: Bool

  package init(_ text: String) {
    description = text
    var names = text.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    let isAnchored = text.dropLast().contains("/")
    if !isAnchored { names.insert("**", at: 0) }
    parts = names.map { $0 == "**" ? nil : NamePattern($0) }
    goesDeeper = text.hasSuffix("/") || parts.last == .some(nil) || names.last?.contains("*") == false
  }

  /// - Parameter path: `groups/aws/admins.yaml`, from the top.
  package func matches(_ path: String) -> Bool {
    let names = path.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
    // The parts that may be next, after each name.
    var open = reached([0])
    for (index, name) in names.enumerated() {
      var next: Set<Int> = []
      for place in open where place < parts.count {
        guard let part = parts[place] else {
          next.insert(place)
          continue
        }
        if part.matches(name) { next.insert(place + 1) }
      }
      open = reached(next)
      if open.contains(parts.count), goesDeeper || index == names.count - 1 { return true }
    }
    return false
  }

  /// With the places that are reached without a name: any folders may be none.
  private func reached(_ places: Set<Int>) -> Set<Int> {
    var places = places
    for index in parts.indices where places.contains(index) && parts[index] == nil { places.insert(index + 1) }
    return places
  }
}
