import Foundation
import JSON

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
    // By bytes: a header may hold what costs a lot to see as characters.
    let header = header.utf8.drop { $0 == UInt8(ascii: " ") }
    guard let space = header.firstIndex(of: UInt8(ascii: " ")), Substring(header[..<space]).isASCII else { return nil }
    let value = Self.trimmed(header[space...])
    guard !value.isEmpty else { return nil }
    switch Substring(header[..<space]).lowercased() {
    case "basic": self.init(basic: value)
    case "bearer": self = .bearer(token: value)
    default: return nil
    }
  }

  /// The text without the white space that a header may have around it (RFC 7230 section 3.2.3).
  private static func trimmed(_ text: Substring.UTF8View) -> String {
    let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    guard let end = text.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(Substring(text[...end].drop(while: isSpace)))
  }

  private init?(basic encoded: String) {
    guard let bytes = Data(base64Encoded: encoded), let text = String(data: bytes, encoding: .utf8),
      let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    let password = text.utf8[text.utf8.index(after: colon)...]
    self = .basic(userName: String(text[..<colon]), password: String(Substring(password)))
  }
}
