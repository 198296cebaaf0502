import Foundation

/// What a request shows to prove who sends it.
package enum Credential: Sendable {
  /// RFC 7617.
  case basic(userName: String, password: String)
  /// RFC 6750.
  case bearer(token: String)

  /// The credential of an `Authorization` header; nil when it is of another scheme or broken.
  init?(authorization header: String) {
    let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard parts.count == 2 else { return nil }
    let value = parts[1].trimmingCharacters(in: .whitespaces)
    switch parts[0].lowercased() {
    case "basic": self.init(basic: value)
    case "bearer": self = .bearer(token: value)
    default: return nil
    }
  }

  private init?(basic encoded: String) {
    guard let bytes = Data(base64Encoded: encoded), let text = String(data: bytes, encoding: .utf8),
      let colon = text.firstIndex(of: ":")
    else { return nil }
    self = .basic(userName: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
  }
}

/// Who sends a request.
package struct Principal: Hashable, Sendable {
  /// The userName, or the name of a token: signs the writes in the directory's events, and stands in the log.
  package var name: String
  /// The id of the user; nil for a token that stands for nobody.
  package var userID: String?
  package var isAdministrator: Bool

  package init(name: String, userID: String? = nil, isAdministrator: Bool) {
    self.name = name
    self.userID = userID
    self.isAdministrator = isAdministrator
  }
}
