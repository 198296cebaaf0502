import SCIM

/// What a password must be like. It is asked when a password is set, by whatever protocol; hashes that are there already
/// stay as good as they are.
package struct PasswordPolicy: Sendable {
  /// In characters.
  package var minimumLength: Int
  /// In characters: hashing takes its time, so nobody may send a book.
  package var maximumLength: Int
  /// Whether the user name will do as a password.
  package var allowsUserName = false
  /// Passwords that everybody knows, in lower case.
  package var refused: Set<String> = []
  /// A regular expression that the whole password must match.
  package private(set) var pattern: String?

  package init(minimumLength: Int = 6, maximumLength: Int = 128) {
    self.minimumLength = minimumLength
    self.maximumLength = maximumLength
  }

  /// Takes whatever is a password at all.
  package static let anything: PasswordPolicy = {
    var policy = PasswordPolicy(minimumLength: 1, maximumLength: .max)
    policy.allowsUserName = true
    return policy
  }()

  /// The same policy with a pattern besides.
  /// - Throws: the error of `Regex` when it is no regular expression.
  package func requiring(pattern: String) throws -> PasswordPolicy {
    _ = try Regex(pattern)
    var policy = self
    policy.pattern = pattern
    return policy
  }

  /// - Throws: `SCIMError` 400 invalidValue that names every shortcoming, and never the password.
  func check(_ password: String) throws(SCIMError) {
    var problems: [String] = []
    if password.count < minimumLength { problems.append("have at least \(minimumLength) characters") }
    if password.count > maximumLength { problems.append("have at most \(maximumLength) characters") }
    if let pattern, !Self.matches(password, pattern) { problems.append("match the pattern \(pattern)") }
    if refused.contains(password.lowercased()) { problems.append("not be one that everybody knows") }
    if Self.isHash(password) { problems.append("be the password itself, not a hash of it") }
    guard problems.isEmpty else { throw Self.refusal(problems) }
  }

  /// - Throws: `SCIMError` 400 invalidValue when the password is the name of its user, with or without its user store.
  func check(_ password: String, of userName: String?) throws(SCIMError) {
    guard !allowsUserName, let userName else { return }
    let name = userName.split(separator: UserStoreDomain.separator).last.map(String.init) ?? userName
    guard ![userName, name].contains(where: { $0.lowercased() == password.lowercased() }) else {
      throw Self.refusal(["not be the user name"])
    }
  }

  private static func refusal(_ problems: [String]) -> SCIMError {
    SCIMError(status: 400, .invalidValue, "The password must \(problems.joined(separator: ", and ")).")
  }

  private static func matches(_ password: String, _ pattern: String) -> Bool {
    guard let regex = try? Regex(pattern) else { return false }
    return password.wholeMatch(of: regex) != nil
  }

  /// Whether the text is a hash as directories write it. Taken as a password it would let in whoever has read the hash.
  private static func isHash(_ text: String) -> Bool {
    let lowered = text.lowercased()
    return hashMarks.contains { lowered.hasPrefix($0) && lowered.utf8.count > $0.utf8.count }
  }

  /// How PHC strings, crypt(3) and LDAP (RFC 2307) begin.
  private static let hashMarks = [
    "$argon2", "$scrypt$", "$pbkdf2", "$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$y$", "{argon2", "{pbkdf2",
    "{bcrypt}", "{scrypt}", "{crypt}", "{sha}", "{ssha}", "{sha256}", "{ssha256}", "{sha512}", "{ssha512}", "{md5}",
    "{smd5}",
  ]
}
