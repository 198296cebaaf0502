import JSON
import SCIM
import Testing

@testable import LocalDirectory

/// What no single write may ask for, so that the others need not wait for it.
struct ResourceLimitsTests {
  private let fixture: DirectoryFixture

  init() throws { fixture = try DirectoryFixture() }

  private func values(_ numbers: Range<Int>) -> JSONValue { .array(numbers.map { ["value": .string("im\($0)")] }) }

  private func patch(_ id: String, _ operations: [PatchOperation]) async throws -> Resource {
    try await fixture.directory.patch(type: fixture.user, id: id, operations: operations, by: "test")
  }

  @Test func aPatchHasSoManyOperations() async throws {
    let ann = try await fixture.makeUser("ann").id
    let operation = PatchOperation(.replace, AttributePath("nickName"), value: "Annie")
    #expect(try await patch(ann, Array(repeating: operation, count: 1000))["nickName"] == "Annie")
    let refusal = await scimError { try await patch(ann, Array(repeating: operation, count: 1001)) }
    #expect(refusal?.status == 413)
  }

  @Test func eachComparisonOfAPathCounts() async throws {
    let ann = try await fixture.makeUser("ann", ["ims": values(0..<3)]).id
    let terms = (0..<500).map { "value eq \"no\($0)\"" }.joined(separator: " or ")
    let operation = PatchOperation(.remove, try AttributePath(parsing: "ims[\(terms)]"))
    #expect(try await patch(ann, [operation, operation])["ims"]?.array?.count == 3)
    let refusal = await scimError { try await patch(ann, [operation, operation, operation]) }
    #expect(refusal?.status == 413)
  }

  @Test func membersComeAndGoInAnyNumber() async throws {
    var users: [String] = []
    for number in 0..<1200 { users.append(try await fixture.makeUser("user\(number)").id) }
    let group = try await fixture.makeGroup("all", members: users)
    #expect(group["members"]?.array?.count == 1200)
    let leaving = users.map { user in
      PatchOperation(
        .remove, AttributePath("members", valueFilter: .compare(AttributePath("value"), .equal, .string(user))))
    }
    let empty = try await fixture.directory.patch(
      type: fixture.group, id: group.id, operations: leaving, by: "test")
    #expect(empty["members"] == nil)
  }

  @Test func anAttributeHasSoManyValues() async throws {
    let ann = try await fixture.makeUser("ann", ["ims": values(0..<1000)])
    let more: [(String, () async throws -> Resource)] = [
      ("create", { try await fixture.makeUser("bob", ["ims": values(0..<1001)]) }),
      ("add", { try await patch(ann.id, [PatchOperation(.add, AttributePath("ims"), value: values(1000..<1001))]) }),
      ("replace", { try await patch(ann.id, [PatchOperation(.replace, value: ["ims": values(0..<1001)])]) }),
      (
        "put",
        {
          try await fixture.directory.replace(
            type: fixture.user, id: ann.id, attributes: ["userName": "ann", "ims": values(0..<1001)], by: "test")
        }
      ),
    ]
    for (name, write) in more {
      let refusal = await scimError(write)
      #expect(refusal?.status == 400 && refusal?.kind == .invalidValue, "\(name)")
    }
    let less = try await patch(ann.id, [PatchOperation(.replace, AttributePath("ims"), value: values(0..<2))])
    #expect(less["ims"]?.array?.count == 2)
  }

  @Test func whatIsTooLongAlreadyMayStayAndBecomeLess() throws {
    let before: JSONObject = ["ims": values(0..<1200), "title": "Dr"]
    try ResourceLimits.checkCounts(["ims": values(0..<1200), "title": "Prof"], before: before)
    try ResourceLimits.checkCounts(["ims": values(0..<1100)], before: before)
    #expect(throws: SCIMError.self) { try ResourceLimits.checkCounts(["ims": values(0..<1201)], before: before) }
    #expect(throws: SCIMError.self) { try ResourceLimits.checkCounts(["emails": values(0..<1001)], before: before) }
  }

  @Test func noTextHoldsRunsOfMarks() async throws {
    let text = JSONValue.string("a" + String(repeating: "\u{301}\u{316}", count: 33))
    let ann = try await fixture.makeUser("ann", ["nickName": .string("a" + String(repeating: "\u{301}", count: 64))])
    let writes: [(String, () async throws -> Resource)] = [
      ("create", { try await fixture.makeUser("bob", ["nickName": text]) }),
      ("within", { try await fixture.makeUser("bob", ["ims": [["value": text]]]) }),
      (
        "replace",
        {
          try await fixture.directory.replace(
            type: fixture.user, id: ann.id, attributes: ["userName": "ann", "nickName": text], by: "test")
        }
      ),
      ("patch", { try await patch(ann.id, [PatchOperation(.add, AttributePath("nickName"), value: text)]) }),
    ]
    for (name, write) in writes {
      let refusal = await scimError(write)
      #expect(refusal?.status == 400 && refusal?.kind == .invalidValue, "\(name)")
    }
  }
}
