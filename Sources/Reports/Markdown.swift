/// Text from people and endpoints as GitHub Flavored Markdown, of which nothing becomes markup, a link or a mention.
enum Markdown {
  /// A code span, whose fence is longer than any run of backticks inside (CommonMark 0.31 section 6.1).
  static func code(_ text: String) -> String {
    let safe = text.escapingControls()
    let longest = safe.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: longest + 1)
    let pad = safe.isEmpty || safe.hasPrefix("`") || safe.hasSuffix("`") ? " " : ""
    return fence + pad + safe + pad + fence
  }

  /// A sentence. A zero-width space parts what hosts would make a mention, a reference or a link of.
  static func prose(_ text: String) -> String {
    let separator = "&#8203;"
    return text.escapingControls().reduce(into: "") { result, character in
      switch character {
      case "|", "*", "_", "`", "[", "]", "\\", "~", "$": result += "\\\(character)"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "@", "#": result += "\(character)\(separator)"
      case "/" where result.hasSuffix(":"): result += "\(separator)/"
      case "." where result.suffix(3).lowercased() == "www": result += "\(separator)."
      default: result.append(character)
      }
    }
  }
}
