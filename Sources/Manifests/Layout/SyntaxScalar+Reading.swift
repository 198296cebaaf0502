extension SyntaxScalar {
  /// A plain or quoted scalar, from its written form. The space around its lines means nothing, but for an escaped one.
  init(text: String, isPlain: Bool, isDoubleQuoted: Bool, written: String) {
    let lines = written.syntaxLines
    self.init(
      text: text, isPlain: isPlain,
      lines: lines.enumerated().map { index, line in
        let line = index == 0 ? line : line.trimmingStart()
        guard index + 1 < lines.count else { return line }
        let trimmed = line.trimmingEnd()
        let backslashes = trimmed.unicodeScalars.reversed().prefix { $0 == "\\" }.count
        return isDoubleQuoted && backslashes % 2 == 1
          ? String(line.unicodeScalars.prefix(trimmed.unicodeScalars.count + 1)) : trimmed
      }, isBlock: false)
  }

  /// A block scalar, from its written form.
  /// - Parameters:
  ///   - parentColumn: where the items of the collection around it stand; -1 when there is none.
  ///   - endsFile: whether nothing follows it, not even a line break.
  init(block written: String, text: String, parentColumn: Int, endsFile: Bool) {
    var lines = written.syntaxLines
    let header = lines.removeFirst()
    let indicator = header.prefix { $0 != "#" && $0 != " " && $0 != "\t" }
    let base =
      indicator.compactMap(\.wholeNumberValue).first.map { max(parentColumn, 0) + $0 }
      ?? Self.base(of: lines, parentColumn: parentColumn)
    func isBlank(_ line: String) -> Bool { line.unicodeScalars.count <= base && line.allSatisfy { $0 == " " } }

    // What follows the last line break: nothing, or a last line that has none.
    let lacksBreak = lines.last.map { !isBlank($0) } ?? false
    if !lacksBreak { _ = lines.popLast() }
    if !indicator.contains("+") { while lines.last.map(isBlank) == true { lines.removeLast() } }
    let content = lines.map { isBlank($0) ? "" : String($0.unicodeScalars.dropFirst(base)) }
    self.init(
      text: text, isPlain: false,
      lines: [Self.header(header.trimmingEnd(), indicator, strips: endsFile && lacksBreak)] + content, isBlock: true)
  }

  /// The indentation that the first line with text announces.
  private static func base(of lines: [String], parentColumn: Int) -> Int {
    let blank = lines.prefix { $0.allSatisfy { $0 == " " } }
    let first = lines.dropFirst(blank.count).first
    let widths = blank.map(\.unicodeScalars.count) + [first?.unicodeScalars.prefix { $0 == " " }.count ?? 0]
    return max(widths.max() ?? 0, parentColumn + 1, 1)
  }

  /// The header with an indentation of two, where it names one. A last line without a break gets one, so that the text must
  /// be told to leave it out.
  private static func header(_ header: String, _ indicator: Substring, strips: Bool) -> String {
    var signs = indicator.map { $0.isWholeNumber ? "2" : $0 }
    if strips { signs = signs.filter { $0 != "+" && $0 != "-" } + ["-"] }
    return String(signs) + header.dropFirst(indicator.count)
  }
}

extension String {
  /// Broken at line feeds, carriage returns and U+0085, which mean the same in YAML.
  fileprivate var syntaxLines: [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    for character in unicodeScalars {
      switch character {
      case "\n" where previous == "\r": break
      case "\n", "\r", "\u{85}":
        lines.append(String(line))
        line = String.UnicodeScalarView()
      default: line.append(character)
      }
      previous = character
    }
    return lines + [String(line)]
  }
}
