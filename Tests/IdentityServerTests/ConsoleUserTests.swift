import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// Users in the console, from the list to the last of them.
struct ConsoleUserTests {
  private static let new = "/console/users/new"
  private static let evil = "\"'><img src=x onerror=alert(1)>\u{0301}<\u{0338}script>"

  private func withConsole(_ test: (ServerFixture, TestBrowser) async throws -> Void) async throws {
    try await withServer { server async throws in
      try await test(server, try await TestBrowser.atConsole(server))
    }
  }

  private func make(_ server: ServerFixture, _ path: String, _ body: JSONValue) async throws -> String {
    let answer = try await server.send(.POST, path, body)
    #expect(answer.status == 201)
    return answer.id
  }

  @Test func aUserIsAddedWithAllThatBelongsToIt() async throws {
    try await withConsole { server, browser async throws in
      let group = try await make(server, "/Groups", ["displayName": "engineers"])
      let role = try await make(server, "/Roles", ["displayName": "auditor"])
      let answer = try await browser.fill(
        Self.new,
        [
          "userName": " ann ", "password": "correct horse", "password-again": "correct horse",
          "name.givenName": "Ann", "name.familyName": "B", "emails.0.value": "ann@corp.example",
          "emails.0.type": "work", "emails.0.primary": "on", "into.groups.\(group)": "on", "into.roles.\(role)": "on",
          "\(SchemaURN.enterpriseUser).department": "Tooling",
        ])
      #expect(answer.status == 303)
      let page = try await browser.follow(answer)
      #expect(page.text.contains("The user was added."))
      for text in ["ann", "Ann", "ann@corp.example (work, primary)", "Tooling", "engineers", "auditor", "Active"] {
        #expect(page.text.contains(text), "\(text)")
      }
      let user = try await server.user("ann")
      #expect(user?["name"] == ["givenName": "Ann", "familyName": "B"])
      #expect(user?["emails"] == [["value": "ann@corp.example", "type": "work", "primary": true]])
      #expect(user?["groups"]?.array?.first?["value"] == .string(group))
      #expect(user?["roles"]?.array?.first?["value"] == .string(role))
      #expect(user?["active"] == nil)
      #expect(try await server.send(.GET, "/Me", as: "ann:correct horse").status == 200)
      let last = try await server.directory.events(after: 0, limit: 99).last { $0.resourceType == "User" }
      #expect(last?.author.name == "user:admin")
    }
  }

  @Test func aUserOfAnotherStoreIsCalledByIt() async throws {
    try await withConsole { server, browser async throws in
      let answer = try await browser.fill(Self.new, ["domain": "SECONDARY", "userName": "bob", "active": nil])
      #expect(answer.status == 303)
      let user = try await server.user("SECONDARY/bob")
      #expect(user?["active"] == false)
      #expect(try await server.send(.GET, "/Me", as: "SECONDARY/bob:").status == 401)
    }
  }

  @Test func mistakesAreToldBesideTheFieldAndNothingIsLost() async throws {
    try await withConsole { server, browser async throws in
      let secret = "canary-4711-canary"
      let mistakes: [([String: String?], Int, String, String)] = [
        ([:], 400, "userName", "This is needed."),
        (["userName": "  "], 400, "userName", "This is needed."),
        (["userName": "ADMIN"], 409, "userName", "There is already a User with the userName"),
        (["userName": "x", "domain": "A/B"], 400, "domain", "no slash"),
        (["userName": "x", "password": "a", "password-again": "b"], 400, "password-again", "not the same"),
        (
          ["userName": "x", "password": "{SSHA}abcdefg", "password-again": "{SSHA}abcdefg"], 400, "password",
          "not a hash"
        ),
        (["userName": "x", "into.groups.none": "on"], 400, "", "none"),
      ]
      for (changes, status, field, words) in mistakes {
        var typed: [String: String?] = [
          "displayName": "Typed \"name\"", "emails.0.value": "kept@corp.example", "password": secret,
          "password-again": secret,
        ]
        for change in changes { typed[change.key] = change.value }
        let page = try await browser.fill(Self.new, typed)
        #expect(page.status == status, "\(changes)")
        #expect(page.text.contains(words), "\(changes)")
        #expect(field.isEmpty || page.text.contains("id=\"\(field)-problem\""), "\(changes)")
        #expect(field.isEmpty || page.text.contains("aria-describedby=\"\(field)-problem"), "\(changes)")
        let form = page.form(Self.new)
        #expect(form["displayName"] == "Typed \"name\"" && form["emails.0.value"] == "kept@corp.example")
        #expect(form["password"] == "" && form["password-again"] == "")
        #expect(!page.text.contains(secret) && !page.text.contains("{SSHA}"))
      }
      #expect(try await server.send(.GET, "/Users").json["totalResults"] == 1)
    }
  }

  @Test func anotherRowIsOnePressAway() async throws {
    try await withConsole { _, browser async throws in
      let page = try await browser.fill(
        Self.new, ["userName": "ann", "emails.0.value": "a@b.example", "more": "emails"])
      #expect(page.status == 200)
      let form = page.form(Self.new)
      #expect(form["userName"] == "ann" && form["emails.0.value"] == "a@b.example" && form["emails.1.value"] == "")
      let answer = try await browser.send(page, ["emails.1.value": "c@d.example", "more": nil], to: Self.new)
      let view = try await browser.follow(answer)
      #expect(view.text.contains("a@b.example") && view.text.contains("c@d.example"))
    }
  }

  @Test func anEditChangesWhatWasEditedAndNothingElse() async throws {
    try await withConsole { server, browser async throws in
      let ann = try await make(
        server, "/Users",
        [
          "userName": "ann", "password": "secret", "nickName": "Annie", "title": "Dr", "displayName": "Ann",
          "emails": [
            ["value": "a@b.example", "type": "work", "display": "Ann at work"],
            ["value": "c@d.example", "type": "home"],
          ],
        ])
      let edit = "/console/users/\(ann)/edit"
      let page = try await browser.get(edit)
      #expect(page.form(edit)["title"] == "Dr" && page.form(edit)["emails.2.value"] == "")
      let answer = try await browser.send(
        page,
        [
          "title": "", "displayName": "Ann B", "emails.1.value": "", "emails.2.value": "e@f.example",
          "emails.2.type": "other",
        ],
        to: edit)
      #expect(answer.header("Location") == "/console/users/\(ann)?done=saved")
      let user = try await server.send(.GET, "/Users/\(ann)").json
      #expect(user["title"] == nil && user["displayName"] == "Ann B" && user["nickName"] == "Annie")
      #expect(
        user["emails"] == [
          ["value": "a@b.example", "type": "work", "display": "Ann at work"],
          ["value": "e@f.example", "type": "other"],
        ])
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 200)
      let version = user["meta"]?["version"]
      #expect(try await browser.fill(edit, [:]).status == 303)
      #expect(try await server.send(.GET, "/Users/\(ann)").json["meta"]?["version"] == version, "nothing was changed")
    }
  }

  @Test func whoIsTooLateLosesNothing() async throws {
    try await withConsole { server, browser async throws in
      let ann = try await make(server, "/Users", ["userName": "ann", "title": "Dr"])
      let edit = "/console/users/\(ann)/edit"
      let page = try await browser.get(edit)
      _ = try await server.send(
        .PUT, "/Users/\(ann)", ["userName": "ann", "title": "Professor <b>", "locale": "de-DE", "active": false])
      let stale = try await browser.send(page, ["displayName": "Ann B"], to: edit)
      #expect(stale.status == 412)
      #expect(stale.text.contains("Somebody has changed ann since you opened this form"))
      #expect(stale.text.contains("By now it is: Professor &lt;b&gt;") && stale.text.contains("By now it is: de-DE"))
      #expect(stale.text.contains("By now it is: off"))
      #expect(stale.form(edit)["displayName"] == "Ann B" && stale.form(edit)["title"] == "Dr")
      #expect(try await server.user("ann")?["displayName"] == nil)
      let answer = try await browser.send(stale, ["locale": "de-DE"], to: edit)
      #expect(answer.status == 303)
      let user = try await server.user("ann")
      #expect(user?["displayName"] == "Ann B" && user?["title"] == "Dr" && user?["locale"] == "de-DE")

      let question = try await browser.get("/console/users/\(ann)/delete")
      _ = try await browser.fill(edit, ["title": "Dr."])
      let refused = try await browser.send(question, to: "/console/users/\(ann)/delete")
      #expect(refused.status == 412 && refused.text.contains("nothing was deleted yet"))
      #expect(try await server.user("ann") != nil)
    }
  }

  @Test func accountsAreDisabledEnabledAndDeleted() async throws {
    try await withConsole { server, browser async throws in
      let ann = try await make(server, "/Users", ["userName": "ann", "password": "secret"])
      let path = "/console/users/\(ann)"
      let off = try await browser.follow(try await browser.fill(path, ["active": "false"], action: path + "/active"))
      #expect(off.text.contains("The account was disabled.") && off.text.contains("badge off\">Disabled"))
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 401)
      #expect(off.text.contains("name=\"active\" value=\"true\">Enable"))
      let on = try await browser.follow(try await browser.fill(path, ["active": "true"], action: path + "/active"))
      #expect(on.text.contains("The account was enabled."))
      #expect(try await server.send(.GET, "/Me", as: "ann:secret").status == 200)
      #expect(try await browser.get(path + "/delete").text.contains("Delete ann?"))
      #expect(try await server.user("ann") != nil, "asking deletes nothing")
      let gone = try await browser.follow(try await browser.fill(path + "/delete", [:]))
      #expect(gone.text.contains("The user was deleted."))
      #expect(try await server.user("ann") == nil)
      #expect(try await browser.get(path).status == 404)
    }
  }

  @Test func passwordsAreSetAndTakenAway() async throws {
    try await withConsole { server, browser async throws in
      let ann = try await make(server, "/Users", ["userName": "ann"])
      let path = "/console/users/\(ann)/password"
      for (first, second, words) in [("", "", "This is needed."), ("a", "b", "not the same")] {
        let page = try await browser.fill(path, ["password": first, "password-again": second])
        #expect(page.status == 400 && page.text.contains(words))
      }
      let set = try await browser.follow(
        try await browser.fill(path, ["password": " canary 1 ", "password-again": " canary 1 "]))
      #expect(set.text.contains("The password was set.") && !set.text.contains("canary"))
      #expect(try await server.send(.GET, "/Me", as: "ann: canary 1 ").status == 200)
      let removed = try await browser.follow(try await browser.fill(path, ["remove": "on"]))
      #expect(removed.text.contains("The password was removed."))
      #expect(try await server.send(.GET, "/Me", as: "ann: canary 1 ").status == 401)
    }
  }

  @Test func listsAreSearchedAndPaged() async throws {
    try await withConsole { server, browser async throws in
      for number in 1...59 {
        _ = try await make(
          server, "/Users",
          ["userName": .string("user\(number)"), "emails": [["value": .string("u\(number)@corp.example")]]])
      }
      let first = try await browser.get("/console/users")
      #expect(first.text.contains("1 to 50 of 60") && first.text.contains(">admin</a>"))
      #expect(first.text.contains("href=\"/console/users?from=51\">Next") && !first.text.contains("Previous"))
      let second = try await browser.get("/console/users?from=51")
      #expect(second.text.contains("51 to 60 of 60") && second.text.contains("from=1\">Previous"))
      #expect(second.text.contains(">user59</a>") && !second.text.contains("Next</a>"))
      for (search, count) in [
        ("U42@CORP", "1 in all"), ("user5", "11 in all"), ("userName sw \"user4\"", "11 in all"),
        ("userName eq \"user42\" and active pr", nil), ("nobody", nil), ("corp.example", "1 to 50 of 59"),
      ] as [(String, String?)] {
        let page = try await browser.get("/console/users?search=" + percentEncoded(search))
        #expect(page.status == 200)
        #expect(count.map(page.text.contains) ?? page.text.contains("Nothing matches this search."), "\(search)")
      }
      let secret = try await browser.get("/console/users?search=" + percentEncoded("password sw \"a\""))
      #expect(secret.text.contains("id=\"search-problem\"") && secret.text.contains("never told"))
      let order = try await browser.get("/console/users?search=" + percentEncoded("active gt true"))
      #expect(order.text.contains("id=\"search-problem\""))
    }
  }

  @Test func whatOthersWroteIsNoHTML() async throws {
    try await withConsole { server, browser async throws in
      let evil = JSONValue.string(Self.evil)
      let ann = try await make(
        server, "/Users",
        [
          "userName": evil, "displayName": evil, "title": evil, "emails": [["value": evil, "type": evil]],
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": ["department": evil],
        ])
      _ = try await make(server, "/Groups", ["displayName": evil, "members": [["value": .string(ann)]]])
      let path = "/console/users/\(ann)"
      let edit = try await browser.get(path + "/edit")
      _ = try await server.send(.PUT, "/Users/\(ann)", ["userName": .string(Self.evil + "2"), "title": evil])
      let pages = [
        try await browser.get("/console/users"), try await browser.get(path), edit,
        try await browser.send(edit, ["displayName": "x"], to: path + "/edit"), try await browser.get(path + "/delete"),
        try await browser.get(path + "/password"), try await browser.get(Self.new),
        try await browser.get("/console/users?search=" + percentEncoded(Self.evil)),
        try await browser.fill(Self.new, ["displayName": Self.evil]),
      ]
      for page in pages {
        #expect(!page.text.contains("<img"))
        #expect(page.text.contains("&quot;&#39;&gt;&lt;img"))
        #expect(!page.text.unicodeScalars.contains("\u{0338}") || page.text.contains("&lt;\u{0338}"))
      }
      #expect(edit.form(path + "/edit")["title"] == Self.evil)
    }
  }

  @Test(arguments: ["application/json", "multipart/form-data; boundary=x", "text/plain"])
  func onlyFormsAreTaken(_ type: String) async throws {
    try await withConsole { server, browser async throws in
      let cookies = browser.cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
      let answer = try await server.send(
        .POST, url: server.origin + Self.new, bytes: Array("userName=eve".utf8),
        headers: ["Cookie": cookies, "Content-Type": type])
      #expect(answer.status == 400)
      #expect(try await server.user("eve") == nil)
    }
  }

  private func percentEncoded(_ text: String) -> String {
    FormEncoding.encoded(text)
  }
}
