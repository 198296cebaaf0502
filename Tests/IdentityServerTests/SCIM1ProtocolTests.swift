import JSON
import NIOHTTP1
import Testing

/// What SCIM 1.1 asks of HTTP: media types, errors, who may do what, bulk requests.
struct SCIM1ProtocolTests {
  @Test(arguments: [
    (["Content-Type": "application/xml"], 406), (["Content-Type": "text/plain"], 406),
    (["Content-Type": "application/json; charset=utf-8"], 201), (["Content-Type": "application/scim+json"], 201),
    (["Accept": "application/xml"], 406), (["Accept": "application/xml, application/json"], 201),
    (["Accept": "*/*"], 201),
  ])
  func mediaTypes(_ headers: [String: String], _ status: Int) async throws {
    try await withServer { server in
      let answer = try await server.send1(.POST, "/Users", ["userName": "ann"], headers: headers)
      #expect(answer.status == status)
      #expect(answer.header("Content-Type") == "application/json")
      if status == 406 { #expect(answer.error1?["code"] == "406") }
    }
  }

  @Test func theTagIsToldWhateverIsAskedFor() async throws {
    try await withServer { server in
      let path = "/Users/\(try await server.makeUser("ann"))"
      for (method, body) in [(.GET, nil), (.PATCH, ["title": "Dr"])] as [(HTTPMethod, JSONValue?)] {
        let part = try await server.send1(method, path + "?attributes=userName", body)
        let whole = try await server.send1(.GET, path)
        #expect(part.header("ETag") == whole.header("ETag") && whole.header("ETag") != nil)
        #expect(part.json["meta"] == nil && part.json["userName"] == "ann")
      }
      let tag = try #require(try await server.send1(.GET, path).header("ETag"))
      let known = try await server.send1(.GET, path + "?attributes=userName", headers: ["If-None-Match": tag])
      #expect(known.status == 304)
      #expect(try await server.send1(.GET, path, headers: ["If-Match": "W/\"77\""]).status == 412)
    }
  }

  @Test func bodiesNeedAContentType() async throws {
    try await withServer { server in
      let answer = try await server.send(
        .POST, url: server.base1 + "/Users", bytes: Array(#"{"userName":"ann"}"#.utf8),
        headers: ["Authorization": "Bearer \(ServerFixture.token)"])
      #expect(answer.status == 406)
    }
  }

  @Test(
    arguments: [
      (HTTPMethod.GET, "/Users/nobody", nil, 404), (.GET, "/Roles", nil, 404), (.GET, "/Users/a/b", nil, 404),
      (.DELETE, "/Users", nil, 405), (.POST, "/Users", ["userName": ""], 400),
      (.POST, "/Users", ["title": "Dr"], 400), (.GET, "/Users?filter=userName+is+x", nil, 400),
      (.GET, "/Users?count=x", nil, 400), (.POST, "/Users", [1], 400), (.DELETE, "/Users/nobody", nil, 404),
      (.PATCH, "/Users/nobody", ["emails": [["value": "x"]]], 404),
    ] as [(HTTPMethod, String, JSONValue?, Int)])
  func errorsAreListsOfOne(_ method: HTTPMethod, _ path: String, _ body: JSONValue?, _ status: Int) async throws {
    try await withServer { server in
      let answer = try await server.send1(method, path, body)
      #expect(answer.status == status)
      #expect(answer.json["Errors"]?.array?.count == 1)
      #expect(answer.error1?["code"]?.string == String(status))
      #expect(answer.error1?["description"]?.string?.isEmpty == false)
    }
  }

  @Test func strangersAndOthersAreRefused() async throws {
    try await withServer { server in
      let id = try await server.makeUser("ann", ["password": "secret1"])
      let other = try await server.makeUser("bob")
      let stranger = try await server.send1(.GET, "/Users", as: nil)
      #expect(stranger.status == 401)
      #expect(stranger.error1?["code"] == "401")
      #expect(stranger.header("WWW-Authenticate")?.hasPrefix("Basic") == true)
      #expect(try await server.send1(.GET, "/Users", as: "PRIMARY/ann:secret1").status == 403)
      #expect(try await server.send1(.GET, "/Users/\(other)", as: "ann:secret1").status == 403)
      #expect(try await server.send1(.GET, "/Users/me", as: "PRIMARY/ann:secret1").id == id)
      let bulk: JSONValue = ["Operations": [["method": "DELETE", "path": .string("/Users/\(other)")]]]
      let refused = try await server.send1(.POST, "/Bulk", bulk, as: "ann:secret1")
      #expect(refused.json["Operations"]?.array?.first?["status"]?["code"] == "403")
    }
  }

  @Test func usersChangeOfThemselvesWhatIsTheirs() async throws {
    try await withServer { server in
      let id = try await server.makeUser("ann", ["password": "secret1", "title": "Dr"])
      let mine: JSONValue = ["nickName": "A", "phoneNumbers": [["value": "1", "type": "work"]]]
      let patched = try await server.send1(.PATCH, "/Users/me", mine, as: "ann:secret1")
      #expect(patched.status == 200)
      #expect(patched.id == id)
      #expect(patched.json["nickName"] == "A")
      let others: JSONValue = ["title": "Prof", "meta": ["attributes": ["nickName"]]]
      #expect(try await server.send1(.PATCH, "/Users/me", others, as: "ann:secret1").status == 403)

      let whole = try await server.send1(.GET, "/Users/me", as: "ann:secret1").json
      var changed = try #require(whole.object)
      changed["nickName"] = "Annie"
      let replaced = try await server.send1(.PUT, "/Users/me", .object(changed), as: "ann:secret1")
      #expect(replaced.status == 200)
      #expect(replaced.json["nickName"] == "Annie")
      changed["title"] = "Prof"
      #expect(try await server.send1(.PUT, "/Users/me", .object(changed), as: "ann:secret1").status == 403)
      #expect(try await server.send1(.DELETE, "/Users/me", as: "ann:secret1").status == 405)
    }
  }

  @Test func methodsMayBeToldInAHeader() async throws {
    try await withServer { server in
      let id = try await server.makeUser("ann")
      let patched = try await server.send1(
        .POST, "/Users/\(id)", ["title": "Dr"], headers: ["X-HTTP-Method-Override": "PATCH"])
      #expect(patched.json["title"] == "Dr")
      let deleted = try await server.send1(.POST, "/Users/\(id)", headers: ["X-HTTP-Method-Override": "DELETE"])
      #expect(deleted.status == 200)
      #expect(try await server.send1(.GET, "/Users/\(id)").status == 404)
    }
  }

  @Test func tellsWhatItCanDo() async throws {
    try await withServer { server in
      let config = try await server.send1(.GET, "/ServiceProviderConfigs").json
      #expect(config["schemas"] == ["urn:scim:schemas:core:1.0"])
      #expect(config["bulk"] == ["supported": true, "maxOperations": 1000, "maxPayloadSize": 1_048_576])
      #expect(config["xmlDataFormat"] == ["supported": false])
      #expect(
        config["authenticationSchemes"]?.array?.allSatisfy { $0["specUrl"] != nil && $0["specUri"] == nil } == true)
    }
  }

  // MARK: Bulk

  @Test func bulkOperationsWaitForEachOther() async throws {
    try await withServer { server in
      let answer = try await server.send1(
        .POST, "/Bulk",
        [
          "failOnErrors": 2, "schemas": ["urn:scim:schemas:core:1.0"],
          "Operations": [
            [
              "method": "POST", "path": "/Groups", "bulkId": "g",
              "data": ["displayName": "PRIMARY/dev", "members": [["value": "bulkId:u"]]],
            ],
            [
              "method": "POST", "path": "/Users", "bulkId": "u",
              "data": ["method": "POST", "path": "/Users", "bulkId": "u", "userName": "PRIMARY/ann"],
            ],
            ["method": "PATCH", "path": "/Users/bulkId:u", "bulkId": "p", "data": ["title": "Dr"]],
            ["method": "DELETE", "path": "/Users/nobody"],
          ],
        ])
      #expect(answer.status == 200)
      let operations = answer.json["Operations"]?.array ?? []
      #expect(operations.compactMap { $0["status"]?["code"]?.string } == ["201", "201", "200", "404"])
      #expect(operations.first?["bulkId"] == "g")
      let group = operations.first?["location"]?.string?.split(separator: "/").last.map(String.init) ?? ""
      #expect(try await server.members(of: group) == ["ann"])
      #expect(try await server.send1(.GET, "/Users?filter=userName+eq+ann").resources.first?["title"] == "Dr")
    }
  }

  @Test func bulkStopsAfterSoManyErrors() async throws {
    try await withServer { server async throws in
      let operation: JSONValue = ["method": "DELETE", "path": "/Users/nobody"]
      let body: JSONValue = ["failOnErrors": 2, "Operations": [operation, operation, operation]]
      #expect(try await server.send1(.POST, "/Bulk", body).json["Operations"]?.array?.count == 2)
      let endless: JSONValue = ["failOnErrors": 0, "Operations": [operation, operation, operation]]
      #expect(try await server.send1(.POST, "/Bulk", endless).json["Operations"]?.array?.count == 3)
    }
  }

  @Test func bulkReferencesToNothingAreConflicts() async throws {
    try await withServer { server in
      let answer = try await server.send1(
        .POST, "/Bulk",
        [
          "Operations": [
            [
              "method": "POST", "path": "/Groups", "bulkId": "a",
              "data": ["displayName": "a", "members": [["value": "bulkId:b"]]],
            ],
            [
              "method": "POST", "path": "/Groups", "bulkId": "b",
              "data": ["displayName": "b", "members": [["value": "bulkId:a"]]],
            ],
          ]
        ])
      let codes = (answer.json["Operations"]?.array ?? []).compactMap { $0["status"]?["code"]?.string }
      #expect(codes == ["409", "409"])
      #expect(try await server.send1(.GET, "/Groups").status == 404)
    }
  }
}
