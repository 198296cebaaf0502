/// Where sign-in may return to. Version 5.11 takes one address, or one regular expression for several.
enum WSO2Callbacks {
  private static let (start, end) = ("regexp=(", ")")
  private static let special: Set<Character> = Set(#"\.[]{}()*+?^$|"#)

  /// The addresses as the server takes them.
  static func callbacks(_ redirectURIs: [String]) -> [String] {
    guard redirectURIs.count > 1 else { return redirectURIs }
    return [start + redirectURIs.map(escaped).joined(separator: "|") + end]
  }

  /// The addresses that the server tells. An expression that stands for other than a few addresses is told as it is.
  static func redirectURIs(_ callbacks: [String]) -> [String] {
    callbacks.filter { !$0.isEmpty }.flatMap { callback -> [String] in
      guard callback.hasPrefix(start), callback.hasSuffix(end) else { return [callback] }
      return alternatives(callback.dropFirst(start.count).dropLast(end.count)) ?? [callback]
    }
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      if special.contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
  }

  /// nil for an expression that is no plain choice.
  private static func alternatives(_ expression: Substring) -> [String]? {
    var alternatives = [""]
    var isEscaped = false
    for character in expression {
      switch character {
      case _ where isEscaped:
        guard special.contains(character) else { return nil }
        alternatives[alternatives.count - 1].append(character)
        isEscaped = false
      case "\\": isEscaped = true
      case "|": alternatives.append("")
      case _ where special.contains(character): return nil
      default: alternatives[alternatives.count - 1].append(character)
      }
    }
    return isEscaped || alternatives.contains("") ? nil : alternatives
  }
}
