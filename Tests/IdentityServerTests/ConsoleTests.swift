import Foundation
import JSON
import NIOHTTP1
import Testing

@testable import IdentityServer

/// The frame of the console: who comes in, where they get, and that forms come from its own pages.
struct ConsoleTests {
  private func makeUser(_ server: ServerFixture, _ name: String) async throws -> String {
    try await server.send(.POST, "/Users", ["userName": .string(name), "password": "secret"]).id
  }

  @Test func signingInLeadsToWhereTheBrowserWasGoing() async throws {
    let setup = ServerSetup()
    try await withServer(setup) { server async throws in
      let browser = TestBrowser(server)
      let page = try await browser.signIn(at: "/console/users?search=adm", "admin", "admin")
      #expect(page.status == 200)
      #expect(page.text.contains("<h1>Users</h1>"))
      #expect(page.text.contains("value=\"adm\""))
      #expect(page.text.contains("aria-current=\"page\">Users</a>"))

      setup.clock.advance(by: .seconds(13 * 3600))
      let asked = try await browser.get("/console/groups?from=1")
      #expect(asked.status == 303)
      #expect(asked.header("Location")?.hasPrefix("/login?continue=") == true)
      let again = try await browser.signIn(at: "/console/groups?from=1", "admin", "admin")
      #expect(again.text.contains("<h1>Groups</h1>"))
    }
  }

  /// What a form has sent is lost with the session, but not where it was.
  @Test(arguments: ["/console/users/new", "/console/users/4711/active", "/console/users/4711/password"])
  func aFormSentTooLateLeadsToItsPage(_ path: String) async throws {
    try await withServer { server async throws in
      let browser = TestBrowser(server)
      let page = try await browser.follow(try await browser.post(path, ["userName": "ann"]))
      #expect(page.text.contains("<h1>Sign in</h1>"))
      let answer = try await browser.submit(page, ["username": "admin", "password": "admin"], to: "/login")
      #expect(answer.header("Location") == (path.hasSuffix("/active") ? "/console/users/4711" : path))
    }
  }

  @Test func whoHasNoRightsIsToldAndSentHome() async throws {
    try await withServer { server async throws in
      let (ann, bob) = (try await makeUser(server, "ann"), try await makeUser(server, "bob"))
      let browser = TestBrowser(server)
      let overview = try await browser.signIn(at: "/console", "ann", "secret")
      #expect(overview.status == 403)
      #expect(overview.text.contains("<a href=\"/console/users/\(ann)\">Go to your own account</a>"))
      #expect(overview.text.contains("Sign out"))
      let own = try await browser.get("/console/users/\(ann)")
      #expect(own.status == 200)
      #expect(!own.text.contains("/edit") && !own.text.contains("Delete") && !own.text.contains("Disable"))
      for path in [
        "/console/users", "/console/groups", "/console/users/new", "/console/users/\(bob)",
        "/console/users/\(ann)/edit", "/console/users/\(ann)/password", "/console/users/\(ann)/delete",
        "/console/service-providers", "/console/service-providers/new",
      ] {
        #expect(try await browser.get(path).status == 403, "\(path)")
      }
      let token = server.formToken(browser, "/console/users/\(ann)/active")
      let answer = try await browser.post("/console/users/\(ann)/active", ["active": "false", "form_token": token])
      #expect(answer.status == 403)
      #expect(try await server.send(.GET, "/Users/\(ann)").json["active"] != false)
    }
  }

  @Test func everyPageIsLockedDownAndLeadsOn() async throws {
    try await withServer { server async throws in
      let ann = try await makeUser(server, "ann")
      let browser = try await TestBrowser.atConsole(server)
      for (path, status) in [
        ("/console", 200), ("/console/users", 200), ("/console/users/new", 200), ("/console/users/\(ann)", 200),
        ("/console/users/\(ann)/edit", 200), ("/console/users/\(ann)/password", 200),
        ("/console/users/\(ann)/delete", 200), ("/console/users/none", 404), ("/console/users/none/edit", 404),
        ("/console/nothing", 404), ("/console/users/\(ann)/nothing", 404), ("/console/groups/\(ann)/password", 404),
        ("/console/users/%zz", 404), ("/console/users/\(ann)/active", 405), ("/console/groups/new", 200),
        ("/console/roles/new", 200), ("/console/identity-providers/new", 200), ("/console/service-providers/new", 200),
        ("/console/users?from=x", 400),
      ] {
        let page = try await browser.get(path)
        #expect(page.status == status, "\(path)")
        #expect(page.header("Content-Type") == "text/html; charset=utf-8")
        let policy = page.header("Content-Security-Policy") ?? ""
        #expect(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"))
        #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
        #expect(page.header("Cache-Control") == "no-store")
        #expect(page.text.contains("<nav aria-label=\"Console\">") && page.text.contains("<h1>"), "\(path)")
        #expect(page.text.components(separatedBy: "<h1").count == 2, "\(path)")
        #expect(!page.text.contains("style=") && !page.text.contains("<script"))
        #expect(!page.text.contains("{{") && !page.text.contains("&amp;amp;"))
      }
      #expect(try await browser.post("/console/users", [:]).status == 405)
    }
  }

  @Test func signingOutEndsIt() async throws {
    try await withServer { server async throws in
      let browser = try await TestBrowser.atConsole(server)
      let page = try await browser.get("/console")
      #expect(page.text.contains("Signed in as"))
      let farewell = try await browser.send(page, to: "/oidc/logout")
      #expect(farewell.text.contains("You are signed out"))
      #expect(try await browser.get("/console").status == 303)
    }
  }

  @Test func formsComeFromTheConsoleAlone() async throws {
    try await withServer { server async throws in
      let ann = try await makeUser(server, "ann")
      let browser = try await TestBrowser.atConsole(server)
      let other = try await TestBrowser.atConsole(server)
      let edit = "/console/users/\(ann)/edit"
      let fields = try await browser.get(edit).form(edit)
      let foreign = try await other.get(edit).form(edit)["form_token"] ?? ""
      let elsewhere = try await browser.get("/console/users/new").form("/console/users/new")["form_token"] ?? ""
      for token in ["", "x", foreign, elsewhere, (fields["form_token"] ?? "") + "A"] {
        let forged = fields.merging(["displayName": "Forged", "form_token": token]) { _, new in new }
        let answer = try await browser.post(edit, forged)
        #expect(answer.status == 403)
        #expect(answer.text.contains("nothing was changed"))
        for (path, more) in [
          ("/console/users/\(ann)/delete", ["version": fields["version"] ?? ""]),
          ("/console/users/\(ann)/active", ["active": "false"]),
          ("/console/users/\(ann)/password", ["password": "x", "password-again": "x"]),
          ("/console/users/new", ["userName": "eve"]),
        ] {
          let answer = try await browser.post(path, more.merging(["form_token": token]) { own, _ in own })
          #expect(answer.status == (token == elsewhere && path.hasSuffix("new") ? 303 : 403), "\(path)")
        }
      }
      let user = try await server.send(.GET, "/Users/\(ann)").json
      #expect(user["displayName"] == nil && user["active"] != false)
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 200)
      #expect(try await browser.post(edit, fields.merging(["displayName": "Ann"]) { _, new in new }).status == 303)
      let file = try await browser.post(edit, ["userName": "a"])
      #expect(file.status == 403)
    }
  }
}

extension ServerFixture {
  /// The token that a page would hold for this browser.
  func formToken(_ browser: TestBrowser, _ path: String) -> String {
    let cookies = browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    return TestBrowserSecret.formToken(cookies: cookies, path, port: URL(string: origin)?.port ?? 0)
  }
}
