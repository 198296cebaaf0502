import JSON
import SCIM
import Testing

struct BulkReferencesTests {
  @Test func areNamedWhereIdsBelong() throws {
    let data: JSONValue = [
      "displayName": "bulkId:no", "members": [["value": "bulkId:a"], ["Value": "bulkId:b", "$ref": "bulkId:no"]],
      SchemaURN.enterpriseUser: ["manager": "bulkId:c"],
      "Operations": [["op": "add", "value": ["manager.value": "bulkId:d", "title": "bulkId:no"]], ["value": "bulk"]],
    ]
    #expect(BulkReferences.named(in: data) == ["a", "b", "c", "d"])
  }

  @Test func areReplacedByTheirIds() throws {
    let data: JSONValue = [
      "displayName": "bulkId:a", "members": [["value": "bulkId:a"], ["value": "bulkId:b"], ["value": "a"]],
    ]
    #expect(
      BulkReferences.resolved(data, ["a": "4711"]) == [
        "displayName": "bulkId:a", "members": [["value": "4711"], ["value": "bulkId:b"], ["value": "a"]],
      ])
  }

  @Test func standInTheFilterOfAPath() {
    let path = { (id: String) -> JSONValue in
      ["op": "remove", "path": .string("members[type eq \"User\" and value eq \"\(id)\"]")]
    }
    #expect(BulkReferences.named(in: path("bulkId:a")) == ["a"])
    #expect(BulkReferences.resolved(path("bulkId:a"), ["a": "4711"]) == path("4711"))
    #expect(BulkReferences.resolved(path("bulkId:b"), ["a": "4711"]) == path("bulkId:b"))
    #expect(BulkReferences.named(in: ["path": "bulkId:a"]).isEmpty)
  }

  @Test func oneNameStandsForOneResource() throws {
    let body = try object(
      """
      {"Operations": [{"method": "POST", "path": "/Users", "bulkId": "a", "data": {}},
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": {}}]}
      """)
    #expect(throws: SCIMError.self) { try BulkRequest(body) }
  }
}
