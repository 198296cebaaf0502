import JSON
import SCIM
import Testing

@testable import Reconciliation

struct ReferenceResolutionTests {
  private let references = ReferenceResolution { [ResourceKey("User", "a"): "1"][$0] }

  @Test func membersAndManagersGetTheirIds() throws {
    let request = Change.Request.create([
      "displayName": "bulkId:User/a", "members": [["value": "bulkId:User/a"], ["value": "7"]],
      "urn:x": ["manager": ["value": "bulkId:User/a"]],
    ])
    #expect(
      try references.resolve(request)
        == .create([
          "displayName": "bulkId:User/a", "members": [["value": "1"], ["value": "7"]],
          "urn:x": ["manager": ["value": "1"]],
        ]))
  }

  @Test func patchesToo() throws {
    let path = AttributePath("members")
    let planned = Change.Request.patch([
      PatchOperation(.add, path, value: [["value": "bulkId:User/a"]]), PatchOperation(.remove, path),
    ])
    #expect(
      try references.resolve(planned)
        == .patch([PatchOperation(.add, path, value: [["value": "1"]]), PatchOperation(.remove, path)]))
    let whole = Change.Request.replace(["manager": ["value": "bulkId:User/a"]])
    #expect(try references.resolve(whole) == .replace(["manager": ["value": "1"]]))
    #expect(try references.resolve(.delete) == .delete)
  }

  @Test func anUnknownOneIsSaid() {
    let failure = #expect(throws: ReferenceResolution.Failure.self) {
      try references.resolve(.create(["members": [["value": "bulkId:User/b"]]]))
    }
    #expect(failure?.reason == "User/b has no id at this endpoint yet")
  }
}
