import JSON
import LocalDirectory
import Logging
import SCIM

extension UserStoreCall {
  /// Creates a user with claims and puts the user into roles, all or nothing.
  func addUser() async throws {
    let name = text("userName") ?? ""
    guard name.contains(where: { !$0.isWhitespace }) else {
      throw SOAPFault.store(.invalidUserName, "Username is not valid: it must not be empty.")
    }
    let credential = try credential("credential")
    var edit = ClaimEdit(Resource(["userName": .string(name)]))
    for (claim, value) in try givenClaims() { try edit.set(claim, to: value) }
    let placements = try await placements(roleNames("roleList"))
    let users = try type("User")
    let attributes: JSONObject = ["userName": .string(name), "password": .string(credential)]
    try await writing(taken: .userExists) {
      _ = try await directory.create(
        type: users,
        attributes: try ResourcePatcher(type: users, catalog: directory.catalog)
          .applying(edit.operations, to: attributes),
        into: placements, by: author, projection: .identity)
    }
    if arguments["requirePasswordChange"]?.boolean == true {
      logger.notice("a password change was asked for, which is not enforced here", metadata: ["user": "\(name)"])
    }
  }

  func deleteUser() async throws {
    let user = try await subject()
    try await writing { try await directory.delete(type: try type("User"), id: user.id, by: author) }
  }

  func isExistingUser() async throws -> Bool { try await user(named: subjectName) != nil }

  /// The names of users that fit a pattern. A limit of less than 0 stands for the server's.
  func listUsers() async throws -> [String] {
    let limit = limit(arguments["maxItemLimit"]?.number ?? -1)
    let pattern = NamePattern(text("filter") ?? "*")
    var query = ListQuery(domain: pattern.domain, attributes: [AttributePath("userName")])
    if pattern.isAny {
      query.count = limit
    } else {
      query.filter = pattern.literal.map { .compare(AttributePath("userName"), .contains, .string($0)) }
    }
    let names = try await directory.list(type: try type("User"), query).resources.compactMap(\.userName)
    return Array(names.lazy.filter { pattern.matches(name: $0) }.prefix(limit))
  }

  /// The names of users with a claim that fits a pattern.
  func usersWithClaim() async throws -> [String] {
    let claim = try claim(uri: text("claimUri") ?? "")
    guard let value = text("claimValue"), !value.isEmpty else {
      throw SOAPFault.store(.invalidClaimValue, "Claim Value is invalid: it must not be empty.")
    }
    let pattern = NamePattern(value: value)
    let query = ListQuery(filter: pattern.isLiteral ? claim.filter(equals: value) : nil)
    return try await directory.list(type: try type("User"), query).resources.lazy
      .filter { user in claim.values(of: user).contains { pattern.matches($0) } }
      .prefix(maxResults).compactMap(\.userName)
  }

  /// Users have ids that are no numbers, as in WSO2's stores with unique ids, which refuse this too.
  func numericUserID() async throws -> SOAPValue {
    _ = try await subject()
    throw SOAPFault.store("Users have no numeric id here; the claim \(Claim.dialect)/userid tells their id.")
  }

  private func limit(_ wanted: Int) -> Int { wanted < 0 ? maxResults : min(wanted, maxResults) }
}

extension UserStoreCall {
  /// Whether the credential is the user's. Counts as an attempt to log in from the caller's address.
  func authenticate() async throws -> Bool {
    try await isTheirs(text("credential") ?? "")
  }

  /// Sets a new password by showing the old one.
  func updateCredential() async throws {
    let user = try await subject()
    let new = try credential("newCredential")
    guard try await isTheirs(text("oldCredential") ?? "") else {
      throw SOAPFault.store(
        .wrongCredential, "PasswordInvalid Old credential does not match with the existing credentials.")
    }
    try await writing { try await directory.setPassword(new, of: user.id, by: author) }
  }

  func updateCredentialByAdmin() async throws {
    let user = try await subject()
    let new = try credential("newCredential")
    try await writing { try await directory.setPassword(new, of: user.id, by: author) }
  }

  /// Passwords do not expire.
  func passwordExpirationTime() async throws -> Int {
    _ = try await subject()
    return -1
  }

  private func isTheirs(_ credential: String) async throws -> Bool {
    do {
      return try await isRight(.basic(userName: subjectName, password: credential))
    } catch let error as LoginThrottled {
      throw Refusal.throttled(error)
    }
  }

  private func credential(_ name: String) throws(SOAPFault) -> String {
    guard let credential = text(name), !credential.isEmpty else {
      throw .store(.invalidCredential, "Credential is not valid: \(name) must not be empty.")
    }
    return credential
  }

  /// Runs a write and tells what the directory refuses in the kernel's terms.
  func writing(taken: SOAPFault.UserStoreCode? = nil, _ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as SCIMError {
      throw SOAPFault(error, taken: taken)
    }
  }
}
