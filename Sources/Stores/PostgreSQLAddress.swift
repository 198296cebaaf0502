import Foundation

/// The address of a PostgreSQL database in the form of libpq: `postgresql://user@host:5432/database?sslmode=verify-full`.
/// Its description, unlike the address, may be shown: without password and options.
package struct PostgreSQLAddress: Hashable, Sendable, CustomStringConvertible {
  /// As libpq takes it; it may hold a password.
  let text: String
  package let description: String
  /// The spellings of the passwords in the address, which no message may repeat.
  private let secrets: [String]

  /// nil for what is no address of this kind, such as the path of a file.
  package init?(_ text: String) {
    guard let scheme = ["postgresql://", "postgres://"].first(where: text.lowercased().hasPrefix) else { return nil }
    self.text = text
    let rest = text.dropFirst(scheme.count)
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    // A password may hold an unescaped @.
    let at = rest[..<end].lastIndex(of: "@")
    let user = at.map { rest[..<$0].prefix { $0 != ":" } }
    let place = rest[(at.map(rest.index(after:)) ?? rest.startIndex)...].prefix { $0 != "?" }
    description = "postgresql://" + (user.map { "\($0)@" } ?? "") + place
    let password = at.map { rest[..<$0].drop { $0 != ":" }.dropFirst() } ?? ""
    let options = rest.drop { $0 != "?" }.dropFirst().split(separator: "&").map {
      $0.split(separator: "=", maxSplits: 1)
    }
    let optional = options.filter { $0.first?.removingPercentEncoding?.lowercased().hasSuffix("password") ?? true }
      .compactMap { $0.dropFirst().first }
    secrets = ([password] + optional).flatMap { [String($0), $0.removingPercentEncoding ?? ""] }.filter { !$0.isEmpty }
  }

  /// The reason that libpq gives, on one line and without what must not be shown.
  func shown(_ reason: String) -> String {
    let line = reason.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: " ")
    return secrets.sorted { $0.count > $1.count }.reduce(line.replacing(text, with: description)) {
      $0.replacing($1, with: "•••")
    }
  }
}
