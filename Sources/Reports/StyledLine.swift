import Reconciliation

/// One line in the making: pieces of text with a tone each.
///
/// All text for a terminal goes through here: whatever manifests and endpoints say is made harmless as it comes in, and
/// widths are counted before colours are added.
struct StyledLine: ExpressibleByStringInterpolation {
  private var pieces: [(text: String, tone: TextStyle.Tone?)] = []
  /// In columns.
  private(set) var width = 0

  init(_ text: String, _ tone: TextStyle.Tone? = nil) {
    let safe = text.escapingControls()
    guard !safe.isEmpty else { return }
    pieces = [(safe, tone)]
    width = safe.columns
  }

  init(stringLiteral value: String) { self.init(value) }

  var isEmpty: Bool { pieces.isEmpty }

  static func + (a: StyledLine, b: StyledLine) -> StyledLine {
    var line = a
    line.pieces += b.pieces
    line.width += b.width
    return line
  }

  static func += (a: inout StyledLine, b: StyledLine) { a = a + b }

  /// Filled up with spaces to this many columns.
  func padded(to width: Int) -> StyledLine {
    self + StyledLine(String(repeating: " ", count: max(0, width - self.width)))
  }

  func rendered(_ style: TextStyle) -> String {
    pieces.map { piece in piece.tone.map { style.paint(piece.text, $0) } ?? piece.text }.joined()
  }
}

extension StyledLine {
  /// What stands at the right of a resource: its place in the manifests, and what is known of it.
  static func remark(on source: SourceLocation?, _ finding: KnownFinding?) -> StyledLine {
    let parts = [source.map { "\($0.file):\($0.line)" }, finding?.remark].compactMap(\.self)
    return StyledLine(parts.joined(separator: " · "), .quiet)
  }
}

extension [StyledLine] {
  func joined(separator: StyledLine) -> StyledLine {
    guard let first else { return "" }
    return dropFirst().reduce(first) { $0 + separator + $1 }
  }
}

extension String {
  /// How many columns a terminal needs for it.
  var columns: Int { utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.columns } }
}

extension Character {
  /// 2 for what East Asian scripts and emoji write wide (Unicode Standard Annex 11), else 1.
  var columns: Int {
    guard let first = unicodeScalars.first, first.value >= 0x1100 else { return 1 }
    if first.properties.isEmojiPresentation { return 2 }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
