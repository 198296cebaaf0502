import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// Groups and roles in the console: members one by one, and what comes of them.
struct ConsoleGroupTests {
  private func withConsole(_ test: (ServerFixture, TestBrowser) async throws -> Void) async throws {
    try await withServer { server async throws in
      try await test(server, try await TestBrowser.atConsole(server))
    }
  }

  private func user(_ server: ServerFixture, _ name: String, _ more: JSONObject = [:]) async throws -> String {
    var attributes = more
    attributes["userName"] = .string(name)
    return try await server.send(.POST, "/Users", .object(attributes)).id
  }

  private func group(_ server: ServerFixture, _ name: String, _ members: [String] = []) async throws -> String {
    try await server.send(
      .POST, "/Groups",
      ["displayName": .string(name), "members": .array(members.map { ["value": .string($0)] })]
    ).id
  }

  @Test func aGroupIsMadeRenamedAndDeleted() async throws {
    try await withConsole { server, browser async throws in
      let answer = try await browser.fill("/console/groups/new", ["displayName": "engineers"])
      let page = try await browser.follow(answer)
      #expect(page.text.contains("The group was added.") && page.text.contains("Nobody yet."))
      let path = answer.header("Location")?.split(separator: "?").first.map(String.init) ?? ""
      let twice = try await browser.fill("/console/groups/new", ["displayName": "Engineers"])
      #expect(twice.status == 409 && twice.text.contains("id=\"displayName-problem\""))
      #expect(try await browser.fill(path + "/edit", ["displayName": "makers"]).status == 303)
      #expect(try await server.group("makers") != nil)
      #expect(try await browser.get("/console/groups?search=MAK").text.contains(">makers</a>"))
      #expect(try await browser.fill(path + "/edit", ["displayName": ""]).status == 400)
      #expect(try await browser.fill(path + "/delete", [:]).header("Location") == "/console/groups?done=deleted")
      #expect(try await server.group("makers") == nil)
    }
  }

  @Test func membersComeAndGoOneByOne() async throws {
    try await withConsole { server, browser async throws in
      let ann = try await user(server, "ann", ["displayName": "Ann B", "emails": [["value": "ann@corp.example"]]])
      let inner = try await group(server, "annex")
      let outer = try await group(server, "staff")
      let path = "/console/groups/\(outer)/members"
      let found = try await browser.get(path + "?add=ANN")
      #expect(found.text.contains("ann (Ann B)") && found.text.contains(">annex</a>"))
      #expect(try await browser.get(path + "?add=corp.example").text.contains("ann (Ann B)"))
      let action = path + "?add=ANN"
      let added = try await browser.send(found, ["member": ann, "change": "add"], to: action)
      #expect(added.header("Location") == path + "?add=ANN&done=memberAdded")
      let page = try await browser.follow(added)
      #expect(page.text.contains("The member was added.") && page.text.contains("is a member"))
      #expect(try await browser.send(page, ["member": inner, "change": "add"], to: action).status == 303)
      #expect(try await server.send(.GET, "/Groups/\(outer)").json["members"]?.array?.count == 2)

      let circle = try await browser.fill(
        "/console/groups/\(inner)/members?add=staff", ["member": outer, "change": "add"])
      #expect(circle.status == 400 && circle.text.contains("cannot be its member"))
      for changes in [
        ["member": "none", "change": "add"], ["member": ann, "change": "replace"], ["member": ann, "change": "x"],
      ] {
        let answer = try await browser.send(page, changes.mapValues { $0 as String? }, to: action)
        #expect(answer.status == 400, "\(changes)")
      }
      let view = try await browser.get(path + "?search=b")
      #expect(view.text.contains(">ann (Ann B)</a>") && !view.text.contains(">annex</a>"))
      #expect(try await browser.send(view, ["member": ann, "change": "remove"], to: path + "?search=b").status == 303)
      #expect(try await server.memberNames(of: "staff") == ["annex"])
    }
  }

  @Test func aLargeGroupIsShownPageByPage() async throws {
    try await withConsole { server, browser async throws in
      var ids: [String] = []
      for number in 101...220 { ids.append(try await user(server, "user\(number)")) }
      let large = try await group(server, "all", ids)
      let view = try await browser.get("/console/groups/\(large)")
      #expect(view.text.contains("Members (120)") && view.text.contains("And 100 more."))
      #expect(view.text.contains(">user120</a>") && !view.text.contains(">user121</a>"))
      let path = "/console/groups/\(large)/members"
      let second = try await browser.get(path + "?from=51")
      #expect(second.text.contains("51 to 100 of 120") && second.text.contains(">user151</a>"))
      #expect(!second.text.contains(">user150</a>") && !second.text.contains(">user201</a>"))
      #expect(try await browser.get(path + "?search=USER20").text.contains("10 in all"))
      let edit = try await browser.get("/console/groups/\(large)/edit")
      #expect(!edit.text.contains("user150"))
      #expect(try await browser.fill("/console/groups/\(large)/edit", ["displayName": "everybody"]).status == 303)
      #expect(try await server.send(.GET, "/Groups/\(large)").json["members"]?.array?.count == 120)
    }
  }

  @Test func rolesHoldPermissionsUsersAndGroups() async throws {
    try await withConsole { server, browser async throws in
      let ann = try await user(server, "ann", ["active": false])
      let team = try await group(server, "team", [ann])
      let staff = try await group(server, "staff", [team])
      let answer = try await browser.fill(
        "/console/roles/new",
        ["displayName": "auditor", "permissions": "/permission/read\r\n\r\n /permission/audit \r\n"])
      let path = answer.header("Location")?.split(separator: "?").first.map(String.init) ?? ""
      for (search, id) in [("ann", ann), ("staff", staff)] {
        let added = try await browser.fill(path + "/members?add=\(search)", ["member": id, "change": "add"])
        #expect(added.status == 303)
      }
      let role = try await server.find("/Roles", "displayName", "auditor")
      #expect(role?["permissions"] == ["/permission/read", "/permission/audit"])
      #expect(role?["users"]?.array?.count == 1 && role?["groups"]?.array?.count == 1)

      let access = try await browser.get("/console/users/\(ann)/access")
      #expect(access.text.contains("The account is disabled"))
      let plain = access.text.plainText
      for way in ["ann → team → staff", "ann → team → staff → auditor", "directly"] {
        #expect(plain.contains(way), "\(way)")
      }
      #expect(plain.contains("/permission/audit by auditor"))
      let view = try await browser.get("/console/users/\(ann)")
      #expect(view.text.plainText.contains("staff through a group"))
    }
  }

  /// Whoever is no administrator sees where they belong, and no more.
  @Test func peopleSeeTheirOwnAccess() async throws {
    try await withServer { server async throws in
      let ann = try await user(server, "ann", ["password": "secret"])
      let staff = try await group(server, "staff", [ann])
      _ = try await server.send(
        .POST, "/Roles",
        ["displayName": "auditor", "groups": [["value": .string(staff)]], "permissions": ["/permission/hidden"]])
      let browser = try await TestBrowser.atConsole(server, "ann", "secret")
      let access = try await browser.get("/console/users/\(ann)/access")
      #expect(access.status == 200)
      #expect(access.text.plainText.contains("ann → staff → auditor"))
      #expect(!access.text.contains("/permission/hidden") && !access.text.contains("/console/groups/"))
      #expect(try await browser.get("/console/groups/\(staff)/members").status == 403)
      let token = server.formToken(browser, "/console/groups/\(staff)/members")
      let answer = try await browser.post(
        "/console/groups/\(staff)/members", ["form_token": token, "member": ann, "change": "remove"])
      #expect(answer.status == 403)
    }
  }
}

extension String {
  /// The text of a page without its tags, and with single spaces.
  var plainText: String {
    var isTag = false
    let text = reduce(into: "") { text, character in
      if character == "<" { isTag = true }
      if !isTag { text.append(character) }
      if character == ">" {
        isTag = false
        text += " "
      }
    }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("→ in ", with: "→ ")
  }
}
