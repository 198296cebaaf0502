import JSON
import LocalDirectory
import SCIM
import Testing

/// What a password must be like, whatever way it comes in.
struct PasswordPolicyTests {
  /// The refusal of a new password for the user `alice`.
  private func refusal(_ password: String, _ policy: PasswordPolicy = PasswordPolicy()) async throws -> SCIMError? {
    let fixture = try DirectoryFixture()
    let directory = fixture.directory.with(policy)
    return await scimError {
      try await directory.create(
        type: fixture.user, attributes: ["userName": "alice", "password": .string(password)], by: "test")
    }
  }

  @Test(arguments: ["abc123", "s3cret", "correct horse battery staple", "$ecret money", "{curly} brackets"])
  func theDefaultTakesWhatPeopleUse(_ password: String) async throws {
    #expect(try await refusal(password) == nil)
  }

  @Test(arguments: [
    ("abc12", "at least 6 characters"), (String(repeating: "x", count: 129), "at most 128 characters"),
    ("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", "not a hash of it"), ("{argon2id}aGFzaGhhc2g", "not a hash of it"),
    ("{SSHA}aGFzaGhhc2g", "not a hash of it"), ("$2y$10$abcdefghij", "not a hash of it"),
  ])
  func theDefaultSaysWhatIsMissing(_ password: String, _ reason: String) async throws {
    let error = try await refusal(password)
    #expect(error?.status == 400)
    #expect(error?.kind == .invalidValue)
    #expect(error?.detail.contains(reason) == true)
    #expect(error?.detail.contains(password) == false)
  }

  @Test func everyShortcomingIsNamedAtOnce() async throws {
    var policy = PasswordPolicy(minimumLength: 8)
    policy.refused = ["qwerty"]
    let error = try await refusal("QWERTY", try policy.requiring(pattern: ".*[0-9].*"))
    #expect(
      error?.detail
        == "The password must have at least 8 characters, and match the pattern .*[0-9].*, and not be one that everybody knows."
    )
    #expect(try await refusal("qwerty123", try policy.requiring(pattern: ".*[0-9].*")) == nil)
  }

  @Test func thePatternMustMatchTheWholePassword() async throws {
    let policy = try PasswordPolicy().requiring(pattern: "[a-z]{3}[0-9]{3}")
    #expect(try await refusal("abc123", policy) == nil)
    #expect(try await refusal("abc1234", policy)?.status == 400)
    #expect(throws: (any Error).self) { try PasswordPolicy().requiring(pattern: "[a-") }
  }

  @Test(arguments: ["alice1", "ALICE1", "Alice1"])
  func theNameIsNoPassword(_ password: String) async throws {
    let fixture = try DirectoryFixture()
    let directory = fixture.directory.with(PasswordPolicy())
    for name in ["alice1", "SECONDARY/alice1"] {
      let error = await scimError {
        try await directory.create(
          type: fixture.user, attributes: ["userName": .string(name), "password": .string(password)], by: "test")
      }
      #expect(error?.detail == "The password must not be the user name.")
    }
    let user = try await fixture.makeUser("bob")
    let both: JSONValue = ["userName": "alice1", "password": .string(password)]
    let error = await scimError {
      try await directory.patch(
        type: fixture.user, id: user.id, operations: [PatchOperation(.replace, value: both)], by: "test")
    }
    #expect(error?.status == 400)
    #expect(try await fixture.user(user.id).userName == "bob")
  }

  /// POST, PUT, PATCH and the setting of a password by itself; what was there before stays.
  @Test func everyWayInIsGuardedAndOldHashesStayGood() async throws {
    let fixture = try DirectoryFixture()
    let user = try await fixture.makeUser("alice", ["password": "old"])
    let directory = fixture.directory.with(PasswordPolicy())
    let path = AttributePath("password")
    let errors = [
      await scimError {
        try await directory.replace(
          type: fixture.user, id: user.id, attributes: ["userName": "alice", "password": "short"], by: "test")
      },
      await scimError {
        try await directory.patch(
          type: fixture.user, id: user.id, operations: [PatchOperation(.add, path, value: "short")], by: "test")
      },
      await scimError { try await directory.setPassword("short", of: user.id, by: "test") },
    ]
    #expect(errors.map { $0?.status } == [400, 400, 400])
    _ = try await directory.replace(
      type: fixture.user, id: user.id, attributes: ["userName": "alice", "title": "Dr"], by: "test")
    #expect(try await directory.authenticate(userName: "alice", password: "old") != nil)
  }
}
