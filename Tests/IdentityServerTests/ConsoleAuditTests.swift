import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// The audit trail in the console.
struct ConsoleAuditTests {
  private func audit(_ browser: TestBrowser, _ fields: [String: String] = [:]) async throws -> Answer {
    try await browser.get("/console/audit?" + FormEncoding.encoded(fields))
  }

  @Test func changesAreToldWithWhatWasBefore() async throws {
    try await withServer { server async throws in
      let browser = try await TestBrowser.atConsole(server)
      let ann = try await server.send(.POST, "/Users", ["userName": "ann", "title": "Dr <b>", "password": "canary-pw"])
        .id
      _ = try await server.send(.POST, "/Groups", ["displayName": "staff", "members": [["value": .string(ann)]]])
      _ = try await browser.fill("/console/users/\(ann)/edit", ["title": "Professor"])
      _ = try await browser.fill(
        "/console/users/\(ann)/password", ["password": "canary-2", "password-again": "canary-2"])
      _ = try await server.send(.POST, "/Users", ["userName": "bob"])
      let page = try await audit(browser)
      let text = page.text.plainText
      #expect(text.contains("Changed user ann") && text.contains("Title before: Dr &lt;b&gt; after: Professor"))
      #expect(text.contains("Added group staff") && text.contains("Members after: ann"))
      #expect(text.contains("Password after: changed") && text.contains("by user:admin from 127.0.0.1"))
      #expect(!page.text.contains("canary"))
      let about = try await audit(browser, ["about": "ANN"])
      #expect(about.text.contains("Added group") && !about.text.plainText.contains("user bob"))
      #expect(try await audit(browser, ["about": ann]).text.plainText.contains("Changed user ann"))
      #expect(try await server.send(.DELETE, "/Users/\(ann)").status == 204)
      let gone = try await audit(browser, ["about": "ann"])
      #expect(gone.text.plainText.contains("Deleted user ann") && gone.text.plainText.contains("Professor"))
      #expect(!gone.text.contains("/console/users/\(ann)"))
    }
  }

  @Test func theTrailIsSearchedByActorAndTimeAndReadPageByPage() async throws {
    try await withServer { server async throws in
      for number in 1...70 {
        _ = try await server.directory.create(
          type: try #require(server.directory.catalog.resourceType("User")),
          attributes: ["userName": .string("user\(number)")], by: number.isMultiple(of: 2) ? "user:even" : "user:odd")
      }
      let browser = try await TestBrowser.atConsole(server)
      let first = try await audit(browser)
      #expect(first.text.plainText.contains("user user70 ") && !first.text.plainText.contains("user user20 "))
      let older = String(first.text.components(separatedBy: "rel=\"next\" href=\"").last?.prefix { $0 != "\"" } ?? "")
      let second = try await browser.get(older.replacing("&amp;", with: "&"))
      #expect(second.text.plainText.contains("user user20 ") && !second.text.plainText.contains("user user21 "))
      #expect(!second.text.contains("Further back"))
      let odd = try await audit(browser, ["actor": "ODD"])
      #expect(odd.text.plainText.contains("user user69 ") && !odd.text.plainText.contains("user user70 "))
      // The clock of the directory stands at 2026-09-21T14:13:20Z.
      for (fields, isFound) in [
        (["since": "2026-09-21"], true), (["since": "2026-09-22"], false), (["until": "2026-09-21"], true),
        (["until": "2026-09-20"], false), (["since": "1h"], true), (["until": "2026-09-21T14:13:20Z"], false),
        (["since": "2026-09-21T14:13:20Z", "until": "2026-09-21T14:13:21Z"], true),
      ] {
        let page = try await audit(browser, fields)
        #expect(page.text.contains("<strong>Added user</strong>") == isFound, "\(fields)")
      }
      let wrong = try await audit(browser, ["since": "<yesterday>"])
      #expect(wrong.status == 400 && wrong.text.contains("&quot;&lt;yesterday&gt;&quot; is no time"))
    }
  }

  @Test func accessesAreToldToo() async throws {
    try await withServer { server async throws in
      _ = try await server.send(.GET, "/Me", as: "<mallory>:x")
      let browser = try await TestBrowser.atConsole(server)
      let page = try await audit(browser, ["of": "access"])
      #expect(page.text.plainText.contains("Signed in with local:basic"))
      #expect(page.text.plainText.contains("Login refused") && page.text.contains("user:&lt;mallory&gt;"))
      let found = try await audit(browser, ["of": "access", "about": "MALLORY"])
      #expect(found.text.contains("Login refused") && !found.text.contains("Signed in</strong>"))
      let none = try await audit(browser, ["of": "access", "actor": "nobody"])
      #expect(none.text.contains("Nothing is recorded that matches."))
    }
  }

  @Test func theTrailIsForAdministrators() async throws {
    try await withServer { server async throws in
      _ = try await server.send(.POST, "/Users", ["userName": "ann", "password": "secret"])
      let browser = try await TestBrowser.atConsole(server, "ann", "secret")
      #expect(try await audit(browser).status == 403)
      #expect(try await browser.get("/console/provisioning").status == 403)
    }
  }

  /// The walk ends where it may, and goes on from there.
  @Test func aWalkLooksAtSoMuchAndNoMore() async throws {
    let walk = TrailWalk<Int>(size: 50, sequence: { $0 }) { after, limit in
      Array((1...45_000).dropFirst(after).prefix(limit))
    }
    let first = try await walk.page(before: 45_001, until: { _ in false }, where: { $0 == 45_000 || $0 == 7 })
    #expect(first.events == [45_000] && first.older == 25_001)
    let second = try await walk.page(before: 25_001, until: { _ in false }, where: { $0 == 7 })
    #expect(second.events == [] && second.older == 5001)
    let third = try await walk.page(before: 5001, until: { _ in false }, where: { $0 == 7 })
    #expect(third.events == [7] && third.older == nil)
    let old = try await walk.page(before: 45_001, until: { $0 < 44_990 }, where: { _ in true })
    #expect(old.events == Array((44_990...45_000).reversed()) && old.older == nil)
    let full = try await walk.page(before: 101, until: { _ in false }, where: { _ in true })
    #expect(full.events == Array((51...100).reversed()) && full.older == 51)
  }
}
