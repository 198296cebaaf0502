import JSON
import SCIM
import Testing

@Suite struct MessageTests {
  @Test func anErrorIsNoEmptyList() throws {
    #expect(throws: SCIMError.self) { try ListResponse(["detail": "no"]) }
    #expect(throws: SCIMError.self) { try ListResponse(["Resources": "none"]) }
    #expect(throws: SCIMError.self) { try ListResponse(["Resources": ["x"]]) }
    #expect(try ListResponse(["totalResults": 0]).resources.isEmpty)
  }

  @Test func listsKeepTheirCursors() throws {
    let list = ListResponse(resources: [], totalResults: 3, itemsPerPage: 0, nextCursor: "n", previousCursor: "p")
    #expect(try ListResponse(list.json) == list)
  }

  @Test func errorsAreReadAsOthersWriteThem() {
    let error = SCIMError(["status": 400, "scimType": "InvalidFilter"])
    #expect(error == SCIMError(status: 400, .invalidFilter, ""))
    #expect(SCIMError(["status": "409", "scimType": "odd", "detail": "taken"]) == SCIMError(status: 409, nil, "taken"))
    #expect(SCIMError(["detail": "no status"]) == nil)
  }

  @Test func bulkStatusAsAnObject() throws {
    let body: JSONObject = ["Operations": [["method": "post", "status": ["code": "201"], "bulkId": "q"]]]
    #expect(try BulkResponse(body).operations == [BulkResponse.Operation(.post, status: 201, bulkId: "q")])
  }

  @Test(arguments: [
    #"{"Operations": [{"method": "GET", "path": "/Users"}]}"#,
    #"{"Operations": [{"method": "PUT", "path": "/Users/1"}]}"#,
    #"{"Operations": [{"method": "POST", "path": "/Users", "data": {}}]}"#, #"{"Operations": [1]}"#, "{}",
    #"{"Operations": [{"method": "DELETE", "path": "Users/1"}]}"#, #"{"Operations": [], "failOnErrors": "1"}"#,
    #"{"Operations": [{"method": "DELETE", "path": "/Users/1", "version": 5}]}"#,
  ])
  func malformedBulkRequests(_ text: String) {
    #expect(throws: SCIMError.self) { try BulkRequest(object(text)) }
  }

  @Test(arguments: [
    #"{"count": "many"}"#, #"{"sortOrder": "up"}"#, #"{"filter": "userName eq"}"#, #"{"attributes": "userName"}"#,
  ])
  func malformedSearches(_ text: String) {
    #expect(throws: SCIMError.self) { try SearchRequest(object(text)) }
  }

  @Test func searchesRoundTrip() throws {
    let search = SearchRequest(
      attributes: [AttributePath("userName")], excludedAttributes: [AttributePath("members")],
      filter: .present(AttributePath("title")), sortBy: AttributePath("name", sub: "familyName"), descending: true,
      startIndex: 2, count: 10, cursor: "")
    #expect(try SearchRequest(search.json) == search)
  }
}
