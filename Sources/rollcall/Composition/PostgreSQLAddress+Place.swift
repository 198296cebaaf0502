import Reports
import Stores

extension PostgreSQLAddress {
  /// The address that `--state`, `--store` or `store:` gives; nil for the path of an SQLite file.
  /// - Throws: ``CommandFailure`` for an address of anything else, which would pass for the path of a new file.
  init?(ofPlace text: String) throws {
    if let address = PostgreSQLAddress(text) {
      self = address
      return
    }
    guard let scheme = Self.scheme(of: text) else { return nil }
    // The rest of it may hold a password.
    throw CommandFailure(
      .usage, "nothing can be kept at an address that begins with \(scheme):",
      hint: "an SQLite file, or postgresql://user@host/database")
  }

  /// What stands before `:/`, and before any colon when that is the name of PostgreSQL.
  private static func scheme(of text: String) -> Substring? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let scheme = text[..<colon]
    let isScheme =
      scheme.first?.isLetter == true
      && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    let isAddress = text[colon...].hasPrefix(":/") || ["postgresql", "postgres"].contains(scheme.lowercased())
    return isScheme && isAddress ? scheme : nil
  }
}
