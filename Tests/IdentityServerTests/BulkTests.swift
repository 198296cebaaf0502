import IdentityServer
import JSON
import NIOHTTP1
import SCIM
import Testing

/// Many requests in one (RFC 7644 section 3.7).
struct BulkTests {
  @Test func carriesOutEveryMethodAndTellsOfEach() async throws {
    try await withServer { server in
      let bob = try await server.send(.POST, "/Users", ["userName": "bob"])
      let cid = try await server.send(.POST, "/Users", ["userName": "cid"])
      let results = try await bulk(
        server,
        [
          operation("POST", "/Users", bulkId: "a", ["userName": "ann"]),
          operation("PUT", "/Users/\(bob.id)", ["userName": "bob", "title": "Dr"]),
          operation("PATCH", "/Users/\(bob.id)", patch("add", "nickName", "Bobby")),
          operation("DELETE", "/Users/\(cid.id)"),
        ])
      #expect(results.map(status) == ["201", "200", "200", "204"])
      #expect(results.compactMap { $0["method"]?.string } == ["POST", "PUT", "PATCH", "DELETE"])
      #expect(results[0]["bulkId"] == "a")
      #expect(results[2]["location"] == .string("\(server.base)/Users/\(bob.id)"))
      let location = try #require(results[0]["location"]?.string)
      let ann = try await server.send(.GET, String(location.dropFirst(server.base.count)))
      #expect(ann.json["userName"] == "ann")
      #expect(ann.header("ETag") == results[0]["version"]?.string)
      #expect(try await server.send(.GET, "/Users/\(bob.id)").json["nickName"] == "Bobby")
      #expect(try await server.send(.GET, "/Users/\(cid.id)").status == 404)
    }
  }

  @Test func referencesPointBackwardsAndForwards() async throws {
    try await withServer { server in
      let results = try await bulk(
        server,
        [
          operation("POST", "/Groups", bulkId: "g", group("pilots", "bulkId:a", "bulkId:inner")),
          operation("POST", "/Users", bulkId: "a", ["userName": "ann"]),
          operation("POST", "/Groups", bulkId: "inner", group("captains", "bulkId:a")),
          operation(
            "PATCH", "/Groups/bulkId:inner",
            patch("add", "members", [["value": "bulkId:b"]])),
          operation("POST", "/Users", bulkId: "b", ["userName": "bob", "displayName": "bulkId:a"]),
        ])
      #expect(results.map(status) == ["201", "201", "201", "200", "201"])
      let people = try await server.send(.GET, "/Users?filter=userName+sw+%22b%22&attributes=groups,displayName")
      let groups = people.resources.first?["groups"]?.array ?? []
      #expect(Set(groups.compactMap { $0["display"]?.string }) == ["pilots", "captains"])
      #expect(people.resources.first?["displayName"] == "bulkId:a")
    }
  }

  @Test func circlesAreClosedWhereTheyMayBe() async throws {
    try await withServer { server in
      func employee(_ name: String, managedBy manager: String) -> JSONValue {
        ["userName": .string(name), SchemaURN.enterpriseUser: ["manager": ["value": .string(manager)]]]
      }
      let results = try await bulk(
        server,
        [
          operation("POST", "/Users", bulkId: "a", employee("ann", managedBy: "bulkId:b")),
          operation("POST", "/Users", bulkId: "b", employee("bob", managedBy: "bulkId:a")),
          operation("POST", "/Users", bulkId: "c", employee("cid", managedBy: "bulkId:c")),
        ])
      #expect(results.map(status) == ["201", "201", "201"])
      let ids = results.compactMap { $0["location"]?.string?.split(separator: "/").last.map(String.init) }
      for (index, manager) in [(0, 1), (1, 0), (2, 2)] {
        let user = try await server.send(.GET, "/Users/\(ids[index])")
        #expect(user.json[SchemaURN.enterpriseUser]?["manager"]?["value"] == .string(ids[manager]))
        #expect(user.header("ETag") == results[index]["version"]?.string)
      }
    }
  }

  /// The example of section 3.7.1, which a directory without circles of groups answers with a conflict.
  @Test func groupsThatHoldEachOtherAreAConflict() async throws {
    try await withServer { server in
      let results = try await bulk(
        server,
        [
          operation("POST", "/Groups", bulkId: "qwerty", group("Group A", "bulkId:ytrewq")),
          operation("POST", "/Groups", bulkId: "ytrewq", group("Group B", "bulkId:qwerty")),
          operation("POST", "/Users", bulkId: "u", ["userName": "ann"]),
        ])
      #expect(results.map(status) == ["409", "409", "201"])
      #expect(results.allSatisfy { ($0["location"] == nil) == (status($0) == "409") })
      #expect(try await server.send(.GET, "/Groups").json["totalResults"] == 0)
    }
  }

  @Test func whatHalfAFailedCircleCreatedIsGone() async throws {
    try await withServer { server in
      let manager: JSONValue = ["manager": "bulkId:b"]
      let results = try await bulk(
        server,
        [
          operation(
            "POST", "/Users", bulkId: "a", ["userName": "ann", SchemaURN.enterpriseUser: manager]),
          operation(
            "POST", "/Users", bulkId: "b",
            ["userName": "admin", SchemaURN.enterpriseUser: ["manager": "bulkId:a"]]),
        ])
      #expect(results.map(status) == ["409", "409"])
      #expect(results[1]["response"]?["scimType"] == "uniqueness")
      #expect(try await server.send(.GET, "/Users").json["totalResults"] == 1)
    }
  }

  @Test func errorsAreToldAndTheRestGoesOn() async throws {
    try await withServer { server in
      let operations = [
        operation("POST", "/Users", bulkId: "a", ["userName": ""]),
        operation("POST", "/Users", bulkId: "b", ["userName": "admin"]),
        operation("POST", "/Nothing", bulkId: "c", [:]),
        operation("DELETE", "/Users/4711"),
        operation("PUT", "/Users", ["userName": "x"]),
        operation("PATCH", "/Users/4711", ["Operations": [["op": "add", "path": "title", "value": "x"]]]),
        operation("POST", "/Groups", bulkId: "d", group("pilots", "bulkId:a")),
        operation("POST", "/Groups", bulkId: "e", group("captains", "bulkId:nobody")),
        operation("POST", "/Users", bulkId: "f", ["userName": "ann"]),
      ]
      let results = try await bulk(server, operations)
      #expect(results.map(status) == ["400", "409", "404", "404", "405", "400", "409", "409", "201"])
      #expect(results[0]["response"]?["scimType"] == "invalidValue")
      #expect(results[3]["location"] == .string("\(server.base)/Users/4711"))
      #expect(results[0]["location"] == nil)
      for (result, expected) in zip(results, ["400", "409"]) {
        #expect(result["response"]?["status"] == .string(expected))
      }
      let few = try await bulk(server, operations, failOnErrors: 2)
      #expect(few.map(status) == ["400", "409"])
    }
  }

  @Test func versionsAreHeeded() async throws {
    try await withServer { server in
      let ann = try await server.send(.POST, "/Users", ["userName": "ann"])
      let tag = try #require(ann.header("ETag"))
      func change(_ version: String) -> JSONValue {
        operation("PATCH", "/Users/\(ann.id)", patch("add", "title", "Dr"), version: version)
      }
      let results = try await bulk(server, [change("W/\"x\""), change(tag), change(tag)])
      #expect(results.map(status) == ["412", "200", "412"])
    }
  }

  @Test func limitsAreToldAndKept() async throws {
    var setup = ServerSetup()
    setup.configuration.maxBulkOperations = 2
    setup.configuration.maxBodySize = 2000
    try await withServer(setup) { server in
      let few = (1...3).map { operation("POST", "/Users", bulkId: "\($0)", ["userName": .string("user \($0)")]) }
      let tooMany = try await server.send(.POST, "/Bulk", request(few))
      #expect(tooMany.status == 413)
      #expect(tooMany.json["detail"]?.string?.contains("(2)") == true)
      let long = operation("POST", "/Users", bulkId: "1", ["userName": .string(String(repeating: "a", count: 3000))])
      let tooLarge = try await server.send(.POST, "/Bulk", request([long]))
      #expect(tooLarge.status == 413)
      #expect(tooLarge.json["detail"]?.string?.contains("2000") == true)
      #expect(try await server.send(.GET, "/Users").json["totalResults"] == 1)
    }
  }

  @Test func eachOperationNeedsItsOwnRight() async throws {
    try await withServer { server in
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "of-ann-1"])
      let answer = try await server.send(
        .POST, "/Bulk", request([operation("POST", "/Users", bulkId: "a", ["userName": "bob"])]), as: "ann:of-ann-1")
      #expect(answer.status == 200)
      #expect(answer.json["Operations"]?.array?.map(status) == ["403"])
    }
  }

  // MARK: Requests

  private func bulk(
    _ server: ServerFixture, _ operations: [JSONValue], failOnErrors: Int? = nil
  ) async throws -> [JSONValue] {
    let answer = try await server.send(.POST, "/Bulk", request(operations, failOnErrors: failOnErrors))
    #expect(answer.status == 200, "\(answer.json.text)")
    #expect(answer.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"])
    return answer.json["Operations"]?.array ?? []
  }

  private func request(_ operations: [JSONValue], failOnErrors: Int? = nil) -> JSONValue {
    var body: JSONObject = ["schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]]
    body["failOnErrors"] = failOnErrors.map { .number(JSONNumber($0)) }
    body["Operations"] = .array(operations)
    return .object(body)
  }

  private func operation(
    _ method: String, _ path: String, bulkId: String? = nil, _ data: JSONValue? = nil, version: String? = nil
  ) -> JSONValue {
    var operation: JSONObject = ["method": .string(method), "path": .string(path)]
    operation["bulkId"] = bulkId.map(JSONValue.string)
    operation["version"] = version.map(JSONValue.string)
    operation["data"] = data
    return .object(operation)
  }

  private func group(_ name: String, _ members: String...) -> JSONValue {
    ["displayName": .string(name), "members": .array(members.map { ["value": .string($0)] })]
  }

  private func status(_ result: JSONValue) -> String? { result["status"]?.string }
}
