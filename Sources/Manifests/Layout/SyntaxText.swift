/// The characters of a file, for the questions that libyaml's events leave open: what stands between two of them.
struct SyntaxText {
  /// What stands between two tokens.
  struct Gap {
    var comments: [SyntaxComment] = []
    /// Whether a blank line stands after the last comment.
    var endsWithBlank = false

    fileprivate mutating func add(_ comment: SyntaxComment) {
      defer { endsWithBlank = false }
      guard let last = comments.last, !last.isOwnLine, comment.isOwnLine, !comment.isAfterBlank,
        last.column == comment.column
      else { return comments.append(comment) }
      comments[comments.count - 1].continuation.append(comment.text)
    }
  }

  let characters: [Unicode.Scalar]
  /// Where each line begins.
  private let lineStarts: [Int]

  init(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
    let characters = Array(text.first == "\u{FEFF}" ? text.dropFirst() : text[...])
    self.characters = characters
    lineStarts =
      [0]
      + characters.indices.filter { index in
        let isPair = characters[index] == "\r" && index + 1 < characters.count && characters[index + 1] == "\n"
        return Self.isBreak(characters[index]) && !isPair
      }.map { $0 + 1 }
  }

  var count: Int { characters.count }

  func string(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: characters[range])
    return String(view)
  }

  /// Line and column of a character, counted from 0 as libyaml does.
  func place(of index: Int) -> (line: Int, column: Int) {
    // The last line that does not begin behind it.
    var (low, high) = (0, lineStarts.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= index { low = middle } else { high = middle }
    }
    return (low, index - lineStarts[low])
  }

  /// Where the line of a character ends, its break not counted.
  func lineEnd(of index: Int) -> Int { characters[index...].firstIndex(where: Self.isBreak) ?? count }

  func column(of index: Int) -> Int { place(of: index).column }

  /// Whether a document begins or ends here, or the file ends: no indentation leads across that.
  func endsDocument(at index: Int) -> Bool {
    guard index < count else { return true }
    let marker = characters[index..<min(index + 3, count)]
    guard marker.elementsEqual("---".unicodeScalars) || marker.elementsEqual("...".unicodeScalars) else { return false }
    return column(of: index) == 0 && (index + 3 == count || Self.isBlank(characters[index + 3]))
  }

  /// The comments of a range without any other text but indicators.
  func gap(_ range: Range<Int>) -> Gap {
    var gap = Gap()
    var lineHasText = range.lowerBound > 0 && !Self.isBreak(characters[range.lowerBound - 1])
    var index = range.lowerBound
    while index < range.upperBound {
      let character = characters[index]
      if character == "#" {
        let end = min(lineEnd(of: index), range.upperBound)
        gap.add(
          SyntaxComment(
            text: string(index..<end).trimmingEnd(), column: column(of: index), isOwnLine: !lineHasText,
            isAfterBlank: gap.endsWithBlank))
        lineHasText = true
        index = end
        continue
      }
      if Self.isBreak(character) {
        if !lineHasText { gap.endsWithBlank = true }
        lineHasText = false
        if character == "\r", index + 1 < range.upperBound, characters[index + 1] == "\n" { index += 1 }
      } else if !Self.isBlank(character) {
        lineHasText = true
      }
      index += 1
    }
    return gap
  }

  /// The first character of a range that is neither space nor comment; the end of the range when there is none.
  func firstToken(in range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
      if characters[index] == "#" {
        index = lineEnd(of: index)
      } else if Self.isBlank(characters[index]) {
        index += 1
      } else {
        return index
      }
    }
    return range.upperBound
  }

  /// Whether an opening bracket or brace stands right before this place.
  func isBracket(before index: Int) -> Bool {
    index > 0 && (characters[index - 1] == "[" || characters[index - 1] == "{")
  }

  /// Where the anchor or the tag that begins here ends.
  func propertyEnd(from start: Int, before limit: Int) -> Int {
    if characters[start] == "&" {
      return characters[(start + 1)..<limit].firstIndex { !Self.isNameCharacter($0) } ?? limit
    }
    if start + 1 < limit, characters[start + 1] == "<" {
      return characters[start..<limit].firstIndex(of: ">").map { $0 + 1 } ?? limit
    }
    return characters[start..<limit].firstIndex { Self.isBlank($0) || ",[]{}".unicodeScalars.contains($0) } ?? limit
  }

  private static func isNameCharacter(_ character: Unicode.Scalar) -> Bool {
    switch character {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }

  static func isBreak(_ character: Unicode.Scalar) -> Bool {
    switch character {
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
    default: false
    }
  }

  /// Space, tab or line break.
  static func isBlank(_ character: Unicode.Scalar) -> Bool {
    character == " " || character == "\t" || isBreak(character)
  }
}

extension StringProtocol {
  /// Without the spaces and tabs at its end.
  func trimmingEnd() -> String {
    var view = String(self).unicodeScalars
    while let last = view.last, last == " " || last == "\t" { view.removeLast() }
    return String(view)
  }

  /// Without the spaces and tabs at its beginning.
  func trimmingStart() -> String { String(String(self).unicodeScalars.drop { $0 == " " || $0 == "\t" }) }
}
