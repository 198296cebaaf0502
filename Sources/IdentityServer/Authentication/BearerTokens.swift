import Crypto

/// The static bearer tokens that the server was started with (RFC 6750), each for a named machine that may do everything.
package struct BearerTokens: Sendable {
  private struct Entry {
    let name: String
    let digest: SHA256Digest
  }

  private let entries: [Entry]

  /// - Parameter tokens: by name, as the log shall show them. Only their digests are kept; an empty token is left out.
  package init(_ tokens: [String: String] = [:]) {
    entries = tokens.filter { !$0.value.isEmpty }.map { Entry(name: $0.key, digest: Self.digest($0.value)) }
  }

  /// Compares with every token, in constant time, so that the time taken tells nothing.
  func principal(for token: String) -> Principal? {
    let digest = Self.digest(token)
    let found = entries.reduce(into: nil as Entry?) { found, entry in
      if entry.digest == digest { found = entry }
    }
    return found.map { Principal(.token, name: $0.name, rights: .everything) }
  }

  private static func digest(_ token: String) -> SHA256Digest { SHA256.hash(data: Array(token.utf8)) }
}
