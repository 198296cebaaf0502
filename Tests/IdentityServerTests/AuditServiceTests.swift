import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// The audit, and how access comes about, for other programs.
struct AuditServiceTests {
  private func get(
    _ server: ServerFixture, _ path: String, as user: String = "admin:admin", token: String? = nil
  ) async throws -> Answer {
    let credential = token.map { "Bearer \($0)" } ?? "Basic " + Data(user.utf8).base64EncodedString()
    return try await server.send(
      .GET, url: server.origin + "/api/rollcall/v1/" + path, headers: ["Authorization": credential])
  }

  private func entries(_ answer: Answer) -> [JSONValue] { answer.json["entries"]?.array ?? [] }

  @Test func changesAreToldToAdministratorsAndToTheScope() async throws {
    try await withServer { server async throws in
      let ann = try await server.send(.POST, "/Users", ["userName": "ann", "title": "Dr", "password": "canary-pw"]).id
      _ = try await server.send(.PUT, "/Users/\(ann)", ["userName": "ann", "title": "Prof"])
      let answer = try await get(server, "audit")
      #expect(answer.status == 200 && answer.header("Content-Type") == "application/json")
      let newest = try #require(entries(answer).first)
      #expect(newest["actor"] == "user:admin" && newest["action"] == "update" && newest["id"]?.string == ann)
      #expect(newest["before"]?["title"] == "Dr" && newest["after"]?["title"] == "Prof")
      #expect(!answer.text.contains("canary"))
      #expect(try await get(server, "audit", as: "ann:canary-pw").status == 403)
      #expect(try await get(server, "audit", as: "ann:wrong").status == 401)
      for (client, scope, status) in [("auditor", "audit:read", 200), ("reader", "users:read", 403)] {
        try await server.register(client, secret: "s3cret", scopes: [scope])
        #expect(try await get(server, "audit", token: try await server.token(client, "s3cret")).status == status)
      }
    }
  }

  /// Nothing else of the application has changed, and its secret is never told.
  @Test func aNewSecretIsToldOfAndNotShown() async throws {
    try await withServer { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      let made = try await server.form("client-secret", "client_id=app", as: "admin:admin")
      let answer = try await get(server, "audit?limit=2")
      let newest = try #require(entries(answer).first)
      #expect(newest["changesSecret"] == true && newest["before"] == newest["after"] && newest["before"] != nil)
      #expect(entries(answer).last?["changesSecret"] == nil)
      #expect(!answer.text.contains(made.json.text("client_secret")))
      #expect(try await get(server, "audit?format=csv&limit=1").text.contains("a new secret"))
    }
  }

  @Test func itIsSearchedAndReadPageByPage() async throws {
    try await withServer { server async throws in
      for number in 1...5 {
        _ = try await server.directory.create(
          type: try #require(server.directory.catalog.resourceType("User")),
          attributes: ["userName": .string("user\(number)")], by: number.isMultiple(of: 2) ? "user:even" : "user:odd")
      }
      var names: [String] = []
      var path = "audit?actor=ODD&limit=2"
      while true {
        let page = try await get(server, path)
        names += entries(page).compactMap { $0["after"]?["userName"]?.string }
        guard let link = page.header("Link") else { break }
        #expect(page.json["older"] != nil && link.hasSuffix("rel=\"next\""))
        path = String(link.dropFirst("</api/rollcall/v1/".count).prefix { $0 != ">" })
      }
      #expect(names == ["user5", "user3", "user1"])
      #expect(entries(try await get(server, "audit?about=user2")).count == 1)
      #expect(entries(try await get(server, "audit?until=2020-01-01")).isEmpty)
      #expect(try await get(server, "audit?of=access").status == 200)
      for wrong in ["since=whenever", "limit=0", "limit=1001", "of=all", "format=xml", "before=x"] {
        #expect(try await get(server, "audit?" + wrong).status == 400, "\(wrong)")
      }
      let post = try await server.send(
        .POST, url: server.origin + "/api/rollcall/v1/audit", headers: ["Authorization": "Basic YWRtaW46YWRtaW4="])
      #expect(post.status == 405)
    }
  }

  @Test(arguments: [Int.max, Int.max - 1, 1_000_000_000_000, 0, Int.min])
  func itBeginsWithinTheRecordWhereverItIsAskedToBegin(_ before: Int) async throws {
    try await withServer { server async throws in
      _ = try await server.send(.POST, "/Users", ["userName": "ann"])
      for part in ["changes", "access"] {
        let asked = try await get(server, "audit?of=\(part)&before=\(before)")
        let whole = try await get(server, "audit?of=\(part)")
        #expect(asked.status == 200 && entries(asked).count == (before > 0 ? entries(whole).count : 0), "\(part)")
      }
      let browser = try await TestBrowser.atConsole(server)
      #expect(try await browser.get("/console/audit?before=\(before)").status == 200)
      #expect(try await browser.get("/console/audit/export.json?before=\(before)").status == 200)
    }
  }

  @Test func aTableHoldsNoFormulas() async throws {
    try await withServer { server async throws in
      _ = try await server.send(.POST, "/Users", ["userName": "=cmd|' /C calc'!A0", "title": "a,\"b\"\nc"])
      let answer = try await get(server, "audit?format=csv")
      #expect(answer.header("Content-Type")?.hasPrefix("text/csv") == true)
      let lines = answer.text.components(separatedBy: "\r\n")
      #expect(lines[0] == "time,actor,address,action,type,id,name,details")
      #expect(lines[1].contains("\"'=cmd|' /C calc'!A0\""))
    }
  }

  @Test func theConsoleGivesItAsAFile() async throws {
    try await withServer { server async throws in
      for number in 1...60 {
        _ = try await server.directory.create(
          type: try #require(server.directory.catalog.resourceType("User")),
          attributes: ["userName": .string("user\(number)")], by: "user:x")
      }
      let browser = try await TestBrowser.atConsole(server)
      let page = try await browser.get("/console/audit?actor=user:x")
      #expect(page.text.contains("/console/audit/export.csv?") && page.text.contains("/console/audit/export.json?"))
      let csv = try await browser.get("/console/audit/export.csv?actor=user:x&of=changes")
      #expect(csv.header("Content-Disposition") == "attachment; filename=\"audit-changes.csv\"")
      #expect(csv.text.components(separatedBy: "\r\n").count == 62)
      let json = try await browser.get("/console/audit/export.json?about=user7")
      #expect(entries(json).count == 1)
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret-1"])
      let ann = TestBrowser(server)
      _ = try await ann.signIn(at: "/console", "ann", "secret-1")
      #expect(try await ann.get("/console/audit/export.csv").status == 403)
    }
  }

  @Test func howAccessComesAboutIsToldToWhomeverMayReadTheUser() async throws {
    try await withServer { server async throws in
      let ann = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret-1"]).id
      let inner = try await server.send(
        .POST, "/Groups", ["displayName": "inner", "members": [["value": .string(ann)]]]
      ).id
      _ = try await server.send(
        .POST, "/Groups", ["displayName": "outer", "members": [["value": .string(inner), "type": "Group"]]])
      _ = try await server.send(
        .POST, "/Roles",
        ["displayName": "auditor", "users": [["value": .string(ann)]], "permissions": ["/permission/admin/login"]])
      let answer = try await get(server, "access?user=ann")
      let ways = try #require(answer.json["ways"]?.array)
      let texts = ways.map { way in
        ((way["through"]?.array ?? []) + [way["container"] ?? .null]).compactMap { $0["name"]?.string }
          .joined(separator: " > ")
      }
      #expect(Set(texts) == ["inner", "inner > outer", "auditor"])
      #expect(answer.json["permissions"]?.array?.first?["roles"] == ["auditor"])
      #expect(try await get(server, "access?user=\(ann)").json["user"]?["userName"] == "ann")
      #expect(try await get(server, "access?user=ann", as: "ann:secret-1").status == 200)
      #expect(try await get(server, "access?user=ann", as: "ann:secret-1").json["permissions"] == [])
      #expect(try await get(server, "access?user=admin", as: "ann:secret-1").status == 403)
      #expect(try await get(server, "access?user=nobody", as: "ann:secret-1").status == 403)
      #expect(try await get(server, "access?user=nobody").status == 404)
      #expect(try await get(server, "access").status == 400)
    }
  }
}
