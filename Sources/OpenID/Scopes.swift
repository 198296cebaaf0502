/// What a token allows (RFC 6749 section 3.3): names, each once, in the order in which they were given.
package struct Scopes: Hashable, Sendable, CustomStringConvertible {
  package private(set) var names: [String]

  /// - Throws: `OAuthError` invalid_scope for a name with characters that a scope cannot have.
  package init(_ names: some Sequence<String>) throws(OAuthError) {
    var seen: Set<String> = []
    var unique: [String] = []
    for name in names where seen.insert(name).inserted {
      guard Self.isName(name) else {
        throw OAuthError(.invalidScope, "A scope is made of printable ASCII without spaces, quotes and backslashes.")
      }
      unique.append(name)
    }
    self.names = unique
  }

  /// The names of a `scope` parameter, which stand apart by spaces.
  /// - Throws: `OAuthError` invalid_scope as ``init(_:)``.
  package init(parsing text: String) throws(OAuthError) {
    try self.init(text.split(separator: " ").map(String.init))
  }

  package static let none = Scopes()

  private init() { names = [] }

  package var isEmpty: Bool { names.isEmpty }

  package func contains(_ name: String) -> Bool { names.contains(name) }

  package func filter(_ isIncluded: (String) -> Bool) -> Scopes {
    var result = self
    result.names = names.filter(isIncluded)
    return result
  }

  /// Adds names of other scopes.
  mutating func insert(_ others: [String]) { names += others.filter { !names.contains($0) } }

  /// As the parameter has it: `users:read users:write`.
  package var description: String { names.joined(separator: " ") }

  /// `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`.
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
  }
}
