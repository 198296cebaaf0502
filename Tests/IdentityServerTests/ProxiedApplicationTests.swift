import Endpoints
import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import Reconciliation
import SCIM
import Testing

@testable import IdentityServer

/// An application of which nothing is kept: what it sends is carried out at its connectors.
struct ProxiedApplicationTests {
  /// A server with the application `payroll`, whose connectors lead to two others, and its token.
  private struct Scene {
    let here: ServerFixture
    let outbound: OutboundFixture
    let first: ServerFixture
    let second: ServerFixture
    let log: InMemoryAccessLog
    let token: String

    func send(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws -> Answer {
      try await here.send(method, path, body, token: token)
    }

    func send1(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws -> Answer {
      var headers = ["Authorization": "Bearer \(token)"]
      if body != nil { headers["Content-Type"] = "application/json" }
      return try await here.send(method, url: here.base1 + path, bytes: body?.serialized(), headers: headers)
    }

    /// How many users and groups the directory here holds, but for the administrator.
    func kept() async throws -> Int {
      let users = try await outbound.directory.list(type: outbound.user).totalResults ?? 0
      return users - 1 + (try await outbound.directory.list(type: outbound.group).totalResults ?? 0)
    }

    func record() async throws -> [String] {
      try await log.accessEvents(after: 0, limit: 99).filter { $0.kind == .proxied }
        .map { "\($0.author.name) \($0.detail)" }
    }
  }

  private func withScene(
    _ types: (String, String) = ("scim2", "scim1"), _ more: JSONObject = [:], _ body: (Scene) async throws -> Void
  ) async throws {
    try await withServer { first in
      try await withServer { second in
        try await withOutbound { outbound in
          try await outbound.provider("is2", first.connector(types.0, more))
          try await outbound.provider("is3", second.connector(types.1, more))
          _ = try await outbound.create(
            "ServiceProvider",
            [
              "name": "payroll",
              "inbound": [
                "openidconnect": [
                  "clientId": "payroll", "clientSecret": "s3cret", "grantTypes": ["client_credentials"],
                  "scopes": ["scim:read", "scim:write"],
                ]
              ], "inboundProvisioning": ["proxy": true],
              "outboundProvisioning": [["identityProvider": "is2"], ["identityProvider": "is3"]],
            ])
          var setup = ServerSetup()
          setup.directory = outbound.directory
          setup.provisioning = { _ in outbound.provisioning }
          let log = setup.accessLog
          try await withServer(setup) { here in
            let token = try await here.token("payroll", "s3cret")
            try await body(
              Scene(here: here, outbound: outbound, first: first, second: second, log: log, token: token))
          }
        }
      }
    }
  }

  // MARK: Users

  @Test func aUserIsThereAndNotHere() async throws {
    try await withScene { scene in
      let alice: JSONValue = [
        "schemas": [.string(SchemaURN.user)], "userName": "alice", "externalId": "E1", "title": "Intern",
        "nickName": "Al", "active": true,
      ]
      let made = try await scene.send(.POST, "/Users", alice)
      #expect(made.status == 201)
      let there = try #require(try await scene.first.user("alice"))
      #expect(made.id == there["id"]?.string && made.json["title"] == "Intern")
      #expect(made.header("Location") == scene.here.base + "/Users/\(made.id)")
      #expect(try await scene.second.user("alice")?["title"] == "Intern")
      #expect(try await scene.kept() == 0)
      // The whole is replaced: what is not said is cleared.
      let replaced = try await scene.send(
        .PUT, "/Users/\(made.id)", ["userName": "alice", "externalId": "E1", "title": "Head", "active": true])
      #expect(replaced.status == 200 && replaced.json["title"] == "Head" && replaced.json["nickName"] == nil)
      #expect(try await scene.first.user("alice")?["nickName"] == nil)
      #expect(try await scene.second.user("alice")?["title"] == "Head")
      let off: JSONValue = [
        "schemas": [.string(SchemaURN.patchRequest)],
        "Operations": [["op": "replace", "path": "active", "value": false]],
      ]
      #expect(try await scene.send(.PATCH, "/Users/\(made.id)", off).json["active"] == false)
      #expect(try await scene.first.user("alice")?["active"] == false)
      #expect(try await scene.second.user("alice")?["active"] == false)
      #expect(try await scene.first.user("alice")?["title"] == "Head")
      #expect(try await scene.send(.DELETE, "/Users/\(made.id)").status == 204)
      #expect(try await scene.first.user("alice") == nil)
      #expect(try await scene.second.user("alice") == nil)
      #expect(try await scene.send(.DELETE, "/Users/\(made.id)").status == 404)
      #expect(
        try await scene.record() == [
          "client:payroll create User (alice) at is3/scim, is2/scim",
          "client:payroll update User \(made.id) (alice) at is3/scim, is2/scim",
          "client:payroll update User \(made.id) (alice) at is3/scim, is2/scim",
          "client:payroll delete User \(made.id) (alice) at is3/scim, is2/scim",
        ])
      #expect(try await scene.kept() == 0)
    }
  }

  @Test func itReadsWhatIsThere() async throws {
    try await withScene { scene in
      let id = try await scene.first.send(.POST, "/Users", ["userName": "carol", "title": "Dr"]).id
      #expect(try await scene.send(.GET, "/Users/\(id)").json["title"] == "Dr")
      #expect(try await scene.send(.GET, "/Users/\(id)?attributes=userName").json["title"] == nil)
      let found = try await scene.send(.GET, "/Users?filter=userName%20eq%20%22carol%22")
      #expect(found.resources.compactMap { $0["id"]?.string } == [id])
      #expect(try await scene.send(.GET, "/Users?filter=externalId%20eq%20%22none%22").resources.isEmpty)
      // Whoever is no such application sees what is here.
      #expect(try await scene.here.user("carol") == nil)
    }
  }

  @Test func versionElevenIsCarriedOutToo() async throws {
    try await withScene(("scim1", "scim2")) { scene in
      let made = try await scene.send1(.POST, "/Users", ["userName": "dora", "nickName": "D"])
      #expect(made.status == 201)
      #expect(made.id == (try await scene.first.user("dora"))?["id"]?.string)
      let patched = try await scene.send1(.PATCH, "/Users/\(made.id)", ["title": "Head"])
      #expect(patched.status == 200 && patched.json["title"] == "Head" && patched.json["nickName"] == "D")
      #expect(try await scene.second.user("dora")?["title"] == "Head")
      let found = try await scene.send1(.GET, "/Users?filter=userName%20Eq%20%22dora%22")
      #expect(found.resources.count == 1)
      #expect(try await scene.send1(.DELETE, "/Users/\(made.id)").status == 200)
      #expect(try await scene.second.user("dora") == nil)
      #expect(try await scene.kept() == 0)
    }
  }

  @Test func passwordsGoWhereTheyMay() async throws {
    try await withScene(("scim2", "scim2"), ["passwordProvisioning": true]) { scene in
      let made = try await scene.send(.POST, "/Users", ["userName": "eve", "password": "canary-1"])
      #expect(made.status == 201 && !made.text.contains("canary"))
      for server in [scene.first, scene.second] {
        #expect(try await server.send(.GET, "/Me", as: "eve:canary-1").status == 200)
      }
      #expect(try await scene.record().allSatisfy { !$0.contains("canary") })
    }
  }

  // MARK: Groups

  @Test func membersGoByTheIdsOfTheFirst() async throws {
    try await withScene { scene in
      var ids: [String] = []
      for name in ["alice", "bob", "carol"] {
        ids.append(try await scene.send(.POST, "/Users", ["userName": .string(name)]).id)
      }
      let members = ids.prefix(2).map { JSONValue.object(["value": .string($0)]) }
      let made = try await scene.send(.POST, "/Groups", ["displayName": "crew", "members": .array(members)])
      #expect(made.status == 201)
      #expect(try await Set(scene.first.memberNames(of: "crew")) == ["alice", "bob"])
      #expect(try await Set(scene.second.memberNames(of: "crew")) == ["alice", "bob"])
      // Somebody whom others have put there stays when one member is changed.
      let stranger = try await scene.second.send(.POST, "/Users", ["userName": "zoe"]).id
      let crew = try #require(try await scene.second.group("crew")?["id"]?.string)
      _ = try await scene.second.send(
        .PATCH, "/Groups/\(crew)",
        [
          "schemas": [.string(SchemaURN.patchRequest)],
          "Operations": [["op": "add", "path": "members", "value": [["value": .string(stranger)]]]],
        ])
      let change: JSONValue = [
        "schemas": [.string(SchemaURN.patchRequest)],
        "Operations": [
          ["op": "remove", "path": .string("members[value eq \"\(ids[0])\"]")],
          ["op": "add", "path": "members", "value": [["value": .string(ids[2])]]],
        ],
      ]
      #expect(try await scene.send(.PATCH, "/Groups/\(made.id)", change).status == 200)
      #expect(try await Set(scene.first.memberNames(of: "crew")) == ["bob", "carol"])
      #expect(try await Set(scene.second.memberNames(of: "crew")) == ["bob", "carol", "zoe"])
      let nobody: JSONValue = ["displayName": "crew", "members": []]
      #expect(try await scene.send(.PUT, "/Groups/\(made.id)", nobody).status == 200)
      #expect(try await scene.first.memberNames(of: "crew").isEmpty)
      #expect(try await scene.second.memberNames(of: "crew").isEmpty)
      #expect(try await scene.send(.DELETE, "/Groups/\(made.id)").status == 204)
      #expect(try await scene.second.group("crew") == nil)
      #expect(try await scene.kept() == 0)
    }
  }

  // MARK: What goes wrong

  @Test func aConnectorThatFailsIsToldAndTheSameRequestCompletesIt() async throws {
    try await withScene { scene in
      scene.outbound.gates["is2/scim"].refuse { call, _ in
        call == .create ? EndpointError(.unavailable(retryAfter: .seconds(7)), status: 503, "it is full") : nil
      }
      let user: JSONValue = ["userName": "alice"]
      let failed = try await scene.send(.POST, "/Users", user)
      #expect(failed.status == 503 && failed.header("Retry-After") == "8")
      #expect(failed.json["detail"]?.string?.contains("is2/scim: it is full. It is done already at is3/scim") == true)
      #expect(try await scene.first.user("alice") == nil)
      #expect(try await scene.record().last?.contains("create User (alice) failed: is2/scim") == true)
      scene.outbound.gates["is2/scim"].refuse(nil)
      #expect(try await scene.send(.POST, "/Users", user).status == 201)
      #expect(try await scene.second.send(.GET, "/Users?filter=userName%20eq%20%22alice%22").resources.count == 1)
      // A third time it is there.
      let again = try await scene.send(.POST, "/Users", user)
      #expect(again.status == 409 && again.json["scimType"] == "uniqueness")
      #expect(try await scene.kept() == 0)
    }
  }

  @Test func whatCannotBePassedOnIsRefused() async throws {
    try await withScene { scene in
      let bulk: JSONValue = [
        "schemas": [.string(SchemaURN.bulkRequest)],
        "Operations": [["method": "POST", "path": "/Users", "bulkId": "1", "data": ["userName": "x"]]],
      ]
      for (method, path, body) in [
        (.POST, "/Bulk", bulk), (.GET, "/Users", nil), (.GET, "/Users?filter=title%20pr", nil), (.GET, "/", nil),
        (.POST, "/Roles", ["displayName": "r"]), (.GET, "/Roles/1", nil),
      ] as [(HTTPMethod, String, JSONValue?)] {
        let answer = try await scene.send(method, path, body)
        #expect(answer.status == 501, "\(method) \(path): \(answer.text)")
      }
      #expect(try await scene.send(.GET, "/ServiceProviderConfig").status == 200)
      #expect(try await scene.send(.GET, "/Users/4711").status == 404)
      #expect(try await scene.send(.POST, "/Users", ["title": "nobody"]).status == 400)
      #expect(try await scene.kept() == 0)
      // The account that the connector signs in with is none of the application's.
      let admin = try #require(try await scene.first.user("admin")?["id"]?.string)
      #expect(try await scene.send(.DELETE, "/Users/\(admin)").status == 403)
      #expect(try await scene.first.user("admin") != nil)
    }
  }

  @Test func whatCannotBeAnsweredIsNotCarriedOut() async throws {
    try await withScene { scene async throws in
      #expect(try await scene.send(.POST, "/Users?attributes=a..b", ["userName": "ann"]).status == 400)
      #expect(try await scene.send1(.POST, "/Users?attributes=a..b", ["userName": "ann"]).status == 400)
      #expect(try await scene.first.user("ann") == nil)
    }
  }

  @Test func withoutAConnectorNothingIsKeptEither() async throws {
    try await withScene { scene in
      let type = try #require(scene.outbound.directory.catalog.resourceType("IdentityProvider"))
      for provider in try await scene.outbound.directory.list(type: type).resources {
        _ = try await scene.outbound.directory.patch(
          type: type, id: provider.id,
          operations: [PatchOperation(.replace, AttributePath("enabled"), value: false)], by: "user:admin")
      }
      #expect(try await scene.send(.POST, "/Users", ["userName": "alice"]).status == 501)
      #expect(try await scene.kept() == 0)
    }
  }
}
