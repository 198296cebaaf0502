import JSON
import NIOHTTP1
import Testing

/// Resources and listings of SCIM 1.1 beyond what WSO2's connector asks.
struct SCIM1ResourceTests {
  @Test func bothVersionsShareTheResources() async throws {
    try await withServer { server in
      let created = try await server.send1(
        .POST, "/Users",
        [
          "userName": "ann",
          "urn:scim:schemas:extension:enterprise:1.0": ["department": "IT", "manager": ["managerId": "7"]],
        ])
      let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
      let second = try await server.send(.GET, "/Users/\(created.id)")
      #expect(second.json[urn] == ["department": "IT", "manager": ["value": "7"]])
      let patch: JSONValue = [
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [["op": "replace", "path": "title", "value": "Dr"]],
      ]
      #expect(try await server.send(.PATCH, "/Users/\(created.id)", patch).status == 200)
      let first = try await server.send1(.GET, "/Users/\(created.id)")
      #expect(first.json["title"] == "Dr")
      #expect(first.json["urn:scim:schemas:extension:enterprise:1.0"]?["manager"] == ["managerId": "7"])
      #expect(first.json["schemas"] == ["urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:enterprise:1.0"])
    }
  }

  @Test func putReplacesAllButThePassword() async throws {
    try await withServer { server in
      let id = try await server.makeUser("ann", ["password": "secret1", "title": "Dr", "nickName": "A"])
      let updated = try await server.send1(.PUT, "/Users/\(id)", ["schemas": [], "userName": "ann", "title": "Prof"])
      #expect(updated.status == 200)
      #expect(updated.json["title"] == "Prof")
      #expect(updated.json["nickName"] == nil)
      #expect(try await server.send(.GET, "/Me", as: "ann:secret1").id == id)
    }
  }

  @Test func patchMergesAndTakesAway() async throws {
    try await withServer { server in
      let id = try await server.makeUser(
        "ann",
        [
          "nickName": "A", "name": ["givenName": "Ann", "familyName": "B"],
          "phoneNumbers": [["value": "1", "type": "work"]],
        ])
      let body: JSONValue = [
        "schemas": ["urn:scim:schemas:core:1.0"], "phoneNumbers": [["value": "2", "type": "home"]],
        "meta": ["attributes": ["nickName", "name.familyName"]],
      ]
      let patched = try await server.send1(.PATCH, "/Users/\(id)", body)
      #expect(patched.status == 200)
      #expect(patched.json["nickName"] == nil)
      #expect(patched.json["name"] == ["givenName": "Ann"])
      #expect(patched.json["phoneNumbers"] == [["value": "1", "type": "work"], ["value": "2", "type": "home"]])
      #expect(patched.header("ETag") == patched.json["meta"]?["version"]?.string)
    }
  }

  @Test func membersThatNobodyIsCalledAreRefusedUnlessTheyGo() async throws {
    try await withServer { server in
      let group = try await server.makeGroup("dev")
      let coming = try await server.send1(.PATCH, "/Groups/\(group)", ["members": [["display": "nobody"]]])
      #expect(coming.status == 400)
      #expect(coming.error1?["description"]?.string?.contains("nobody") == true)
      let going = try await server.send1(
        .PATCH, "/Groups/\(group)", ["members": [["display": "nobody", "operation": "delete"]]])
      #expect(going.status == 200)
    }
  }

  @Test func groupsCanBeMembersByTheirNames() async throws {
    try await withServer { server in
      _ = try await server.makeGroup("inner")
      _ = try await server.makeUser("ann")
      let created = try await server.send1(
        .POST, "/Groups", ["displayName": "outer", "members": [["display": "PRIMARY/INNER"], ["display": "ann"]]])
      #expect(created.status == 201)
      #expect(try await server.members(of: created.id) == ["ann", "inner"])
    }
  }

  @Test func manyMembersAreFoundByTheirNames() async throws {
    try await withServer { server in
      for number in 0..<120 { _ = try await server.makeUser("user\(number)") }
      let members = JSONValue.array((0..<120).map { ["display": .string("PRIMARY/user\($0)")] })
      let created = try await server.send1(.POST, "/Groups", ["displayName": "all", "members": members])
      #expect(created.json["members"]?.array?.count == 120)
    }
  }

  @Test func mergingIsTriedAgainWhenOthersWriteMeanwhile() async throws {
    try await withServer { server in
      let id = try await server.makeUser("ann")
      try await withThrowingTaskGroup(of: Int.self) { tasks in
        for number in 0..<6 {
          tasks.addTask {
            try await server.send1(
              .PATCH, "/Users/\(id)", ["phoneNumbers": [["value": .string("\(number)")]]]
            ).status
          }
        }
        for try await status in tasks { #expect(status == 200) }
      }
      let user = try await server.send1(.GET, "/Users/\(id)")
      #expect(user.json["phoneNumbers"]?.array?.count == 6)
    }
  }

  // MARK: Versions

  @Test func versionsGuardWrites() async throws {
    try await withServer { server in
      let created = try await server.send1(.POST, "/Users", ["userName": "ann"])
      let tag = try #require(created.header("ETag"))
      let known = try await server.send1(.GET, "/Users/\(created.id)", headers: ["If-None-Match": tag])
      #expect(known.status == 304)
      let body: JSONValue = ["phoneNumbers": [["value": "1"]]]
      #expect(try await server.send1(.PATCH, "/Users/\(created.id)", body, headers: ["If-Match": tag]).status == 200)
      let late = try await server.send1(.PATCH, "/Users/\(created.id)", body, headers: ["If-Match": tag])
      #expect(late.status == 412)
      #expect(late.error1?["code"] == "412")
      #expect(try await server.send1(.DELETE, "/Users/\(created.id)", headers: ["If-Match": tag]).status == 412)
    }
  }

  // MARK: Listings

  @Test(arguments: [
    ("filter=userName+Eq+%22ann%22", ["ann"]), ("filter=userName%20Eq%20ann", ["ann"]),
    ("filter=userNameEqann", ["ann"]), ("filter=userName%20Eq%20*n*", ["ann", "SECONDARY/ann", "admin"]),
    ("filter=userName+sw+%22PRIMARY/a%22", ["ann", "admin"]), ("domain=SECONDARY", ["SECONDARY/ann"]),
    ("sortBy=userName&sortOrder=descending&count=2", ["SECONDARY/ann", "bob"]),
    ("sortBy=userName&startIndex=2&count=1", ["ann"]), ("attributes=title&filter=userName+eq+ann", [""]),
  ])
  func listings(_ query: String, _ expected: [String]) async throws {
    try await withServer { server in
      for name in ["ann", "bob", "SECONDARY/ann"] { _ = try await server.makeUser(name, ["title": "Dr"]) }
      let answer = try await server.send1(.GET, "/Users?\(query)")
      #expect(answer.status == 200)
      #expect(Set(answer.resources.map { $0["userName"]?.string ?? "" }) == Set(expected))
      #expect(answer.resources.allSatisfy { $0["id"]?.string?.isEmpty == false })
    }
  }

  @Test func nothingFoundIsNotFound() async throws {
    try await withServer { server in
      let groups = try await server.send1(.GET, "/Groups")
      #expect(groups.status == 404)
      #expect(groups.error1?["code"] == "404")
      #expect(try await server.send1(.GET, "/Users?filter=userName+eq+nobody").status == 404)
      let beyond = try await server.send1(.GET, "/Users?startIndex=9")
      #expect(beyond.status == 200)
      #expect(beyond.resources.isEmpty)
    }
  }
}
