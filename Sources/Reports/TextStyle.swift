/// How text is laid out for its reader.
package struct TextStyle: Sendable {
  package enum Tone: Sendable { case good, change, bad, warning, quiet, strong }

  package var colors: Bool
  /// In columns.
  package var width: Int

  package init(colors: Bool, width: Int) {
    self.colors = colors
    self.width = width
  }

  /// For files and pipes.
  package static let plain = TextStyle(colors: false, width: 100)

  /// The text in the colour of its tone (ECMA-48 SGR), or as it is.
  func paint(_ text: String, _ tone: Tone) -> String {
    guard colors else { return text }
    let code =
      switch tone {
      case .good: "32"
      case .change: "33"
      case .bad: "31"
      case .warning: "35"
      case .quiet: "2"
      case .strong: "1"
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}
