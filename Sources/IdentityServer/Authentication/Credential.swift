import Foundation

/// What a request shows to prove who sends it.
package enum Credential: Sendable {
  /// A user's (RFC 7617).
  case basic(userName: String, password: String)
  /// RFC 6750.
  case bearer(token: String)
  /// An application's own (RFC 6749 section 2.3).
  case client(id: String, secret: String)

  /// The credential of an `Authorization` header; nil when it is of another scheme or broken.
  init?(authorization header: String) {
    let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard parts.count == 2 else { return nil }
    let value = Self.trimmed(parts[1])
    switch parts[0].lowercased() {
    case "basic": self.init(basic: value)
    case "bearer": self = .bearer(token: value)
    default: return nil
    }
  }

  /// The text without the white space that a header may have around it (RFC 7230 section 3.2.3).
  private static func trimmed(_ text: Substring) -> String {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    guard let end = text.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(text[...end].drop(while: isSpace))
  }

  private init?(basic encoded: String) {
    guard let bytes = Data(base64Encoded: encoded), let text = String(data: bytes, encoding: .utf8),
      let colon = text.firstIndex(of: ":")
    else { return nil }
    self = .basic(userName: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
  }
}
