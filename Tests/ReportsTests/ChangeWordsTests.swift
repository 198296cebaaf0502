import JSON
import Reconciliation
import Testing

@testable import Reports

/// Changes in the words of `plan`, laid out by others.
struct ChangeWordsTests {
  @Test func theWordsAreThoseOfThePlan() {
    let change = Change.of(
      .update, "User", "alice", reason: "linked by externalId", at: Place(file: "people.yaml", line: 12),
      [
        .of("userName", "alice@old.example", "alice@corp.example"),
        .of("emails[type eq \"work\"].value", "a", nil, .endpoint),
        .of("title", nil, "Dr"),
      ])
    let words = ChangeWords(change)
    #expect(words.resource == "User alice" && words.reason == "linked by externalId" && words.place == "people.yaml:12")
    #expect(words.attributes.map(\.path) == ["userName", "emails[work]", "title"])
    #expect(words.attributes.map(\.before) == ["\"alice@old.example\"", "\"a\"", nil])
    #expect(words.attributes.map(\.after) == ["\"alice@corp.example\"", "(none)", "\"Dr\""])
    #expect(words.attributes.map(\.remark) == ["rename, id kept", "changed at the endpoint", ""])
  }

  @Test func membersComeAndLeave() {
    let many = JSONValue.array((1...25).map { .string("user\($0)") })
    let words = ChangeWords(
      Change.of(.update, "Group", "admins", [.of("members", ["carol"], nil), .of("members", nil, many)]))
    #expect(words.attributes.map(\.before) == ["carol", nil] && words.attributes[0].after == nil)
    #expect(words.attributes[1].after?.hasSuffix("user20, 5 more") == true)
  }

  @Test func nothingSteersTheReader() {
    let words = ChangeWords(
      Change.of(
        .disable, "User", "a\u{202E}b", reason: "\u{1B}[31m",
        [.of("title", "x\u{7}", "•••"), .of("active", true, false)]))
    #expect(words.resource == "User a\\u202eb" && words.reason == "\\u001b[31m")
    #expect(words.attributes.map(\.before) == ["\"x\\u0007\""] && words.attributes.map(\.after) == ["•••"])
  }
}
