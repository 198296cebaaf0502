import JSON

/// A protocol error with its wire spelling (RFC 7644 section 3.12).
package struct SCIMError: Error, Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    case invalidFilter, tooMany, uniqueness, mutability, invalidSyntax, invalidPath, noTarget, invalidValue, invalidVers
    case sensitive
    /// RFC 9865.
    case invalidCursor, expiredCursor, invalidCount
  }

  /// The HTTP status.
  package var status: Int
  package var kind: Kind?
  package var detail: String

  package init(status: Int, _ kind: Kind? = nil, _ detail: String) {
    self.status = status
    self.kind = kind
    self.detail = detail
  }
}
