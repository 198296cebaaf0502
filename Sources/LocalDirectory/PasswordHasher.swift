/// Turns passwords into something that is safe to keep.
package protocol PasswordHasher: Sendable {
  /// The hash with its salt and parameters, as one string.
  func hash(_ password: String) async throws -> String

  /// Whether the password is the one that was hashed. A hash that cannot be read matches nothing.
  func verify(_ password: String, against hash: String) async -> Bool
}
