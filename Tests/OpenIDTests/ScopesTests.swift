import OpenID
import Testing

struct ScopesTests {
  @Test func namesStandOnceAndInTheirOrder() throws {
    let scopes = try Scopes(parsing: "users:read  groups:read users:read ")
    #expect(scopes.names == ["users:read", "groups:read"])
    #expect(scopes.description == "users:read groups:read")
    #expect(scopes.contains("groups:read"))
    #expect(!scopes.contains("groups"))
    let blank = try Scopes(parsing: " ")
    #expect(blank.isEmpty)
  }

  @Test(arguments: ["a\"b", "a\\b", "a\tb", "ü", "a\u{7F}"])
  func otherCharactersAreRefused(_ text: String) {
    let error = oauthError { () throws(OAuthError) in _ = try Scopes(parsing: "fine \(text)") }
    #expect(error?.code == .invalidScope)
  }
}
