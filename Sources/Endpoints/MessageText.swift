/// Makes what an endpoint wrote fit for one line of a message.
enum MessageText {
  /// The beginning of a body as readable text: without markup, control characters and runs of blanks.
  static func excerpt(of body: some Collection<UInt8>) -> String {
    let text = oneLine(withoutMarkup(String(decoding: body.prefix(4096), as: UTF8.self)))
    return text.isEmpty ? "(no text)" : text
  }

  /// Collapses white space and cuts to a length that still reads.
  static func oneLine(_ text: String, limit: Int = 200) -> String {
    let words = text.split { character in
      character.isWhitespace || character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
    }
    let line = words.joined(separator: " ")
    return line.count <= limit ? line : line.prefix(limit) + "…"
  }

  /// Replaces every secret by `•••`, the longest first so that none leaves a rest.
  static func redact(_ secrets: [String], in text: String) -> String {
    secrets.filter { !$0.isEmpty }.sorted { $0.count > $1.count }.reduce(text) { text, secret in
      text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "•••")
    }
  }

  /// Drops tags, and what stands inside `script` and `style`.
  private static func withoutMarkup(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "<") {
      result += rest[..<open] + " "
      let tag = rest[open...].prefix { $0 != ">" }
      rest = rest[tag.endIndex...].dropFirst()
      let name = tag.dropFirst().prefix(while: \.isLetter).lowercased()
      if name == "script" || name == "style" { rest = rest[(rest.firstIndex(of: "<") ?? rest.endIndex)...] }
    }
    return result + rest
  }
}

extension EndpointError {
  /// The same error with the secrets gone from its message.
  func redacting(_ secrets: [String]) -> EndpointError {
    EndpointError(kind, status: status, MessageText.redact(secrets, in: message))
  }
}
