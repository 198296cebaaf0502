import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// What becomes of accounts at later sign-ins, and what new ones are called, by the policy of the provider.
struct ProvisioningPolicyTests {
  private static let mapping: JSONValue = [
    ["remote": "email", "local": "emails[type eq \"work\"].value"], ["remote": "nickname", "local": "nickName"],
    ["remote": "address.locality", "local": "addresses[type eq \"work\"].locality"],
    ["remote": "level", "local": "title"],
    [
      "remote": "department",
      "local": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ],
  ]

  private static let claims: JSONValue = ["userId": "preferred_username", "roles": "groups", "mapping": mapping]

  private func user(_ login: ForeignLogin, _ name: String = "eve") async throws -> Resource {
    Resource(try #require(try await login.server.user(name)?.object))
  }

  private func set(_ login: ForeignLogin, _ operations: JSONValue...) async throws {
    let id = try await user(login).id
    let answer = try await login.server.send(
      .PATCH, "/Users/\(id)",
      ["schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": .array(operations)])
    #expect(answer.status == 200, "\(answer.text)")
  }

  // MARK: Attributes

  @Test(arguments: ["overrideAll", "preserveLocal", "none", nil]) func attributesFollowByPolicy(_ sync: String?)
    async throws
  {
    var policy: JSONObject = ["enabled": true]
    policy["attributeSync"] = sync.map(JSONValue.string)
    try await ForeignLogin.run(policy: policy, resource: ["claims": Self.claims]) { login async throws in
      login.provider.behave {
        $0.claims = {
          $0["address"] = ["locality": "Oslo"]
          $0["level"] = 7
          $0["department"] = "Platform"
        }
      }
      #expect(try await login.signIn().redirected["code"] != nil)
      let first = try await user(login)
      #expect(first["emails"] == [["value": "eve@other.example", "type": "work"]])
      #expect(first["addresses"] == [["locality": "Oslo", "type": "work"]])
      #expect(first["title"] == "7")
      #expect(first["nickName"] == "Evie")
      let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
      #expect(first[enterprise] == ["department": "Platform"])

      try await set(
        login, ["op": "add", "path": "emails", "value": [["value": "home@x.example", "type": "home"]]],
        ["op": "replace", "path": "nickName", "value": "Local"],
        ["op": "add", "path": "preferredLanguage", "value": "nb"])
      login.provider.behave { behaviour in
        behaviour.claims = { $0["email"] = "new@other.example" }
        behaviour.userInfo = { $0["nickname"] = nil }
      }
      #expect(try await login.anew().signIn().redirected["code"] != nil)
      let second = try await user(login)
      #expect(second["preferredLanguage"] == "nb", "what is not mapped is not touched")
      let home: JSONValue = ["value": "home@x.example", "type": "home"]
      let work = { (address: String) -> JSONValue in ["value": .string(address), "type": "work"] }
      switch sync {
      case "none":
        #expect(second["emails"] == [work("eve@other.example"), home])
        #expect(second["nickName"] == "Local")
      case "preserveLocal":
        #expect(second["emails"] == [work("new@other.example"), home])
        #expect(second["nickName"] == "Local")
        #expect(second["title"] == "7")
        #expect(second["addresses"] != nil)
      default:
        #expect(second["emails"] == [work("new@other.example"), home])
        for name in ["nickName", "title", "addresses", enterprise] { #expect(second[name] == nil, "\(name)") }
      }
    }
  }

  /// That a usual claim is missing says nothing, for nobody has asked for it.
  @Test func withoutAMappingNothingIsRemoved() async throws {
    try await ForeignLogin.run { login async throws in
      _ = try await login.signIn()
      try await set(login, ["op": "add", "path": "phoneNumbers", "value": [["value": "+47 1", "type": "work"]]])
      login.provider.behave { $0.userInfo = { $0["nickname"] = nil } }
      _ = try await login.anew().signIn()
      #expect(try await user(login)["nickName"] == "Evie")
      #expect(try await user(login)["phoneNumbers"] != nil)
    }
  }

  @Test(arguments: [
    "userName", "password", "active", "groups", "id", "noSuchThing", "emails[", "meta.version", "roles",
  ])
  func noClaimSetsWhatSignInsGoBy(_ local: String) async throws {
    let claims: JSONValue = ["mapping": [["remote": "email", "local": .string(local)]]]
    try await ForeignLogin.run(resource: ["claims": claims]) { login async throws in
      let page = try await login.browser.follow(try await login.browser.get(login.party.authorize()))
      #expect(page.status == 503, "the provider is not offered")
    }
  }

  // MARK: Roles

  @Test(arguments: ["merge", "override", "none"]) func rolesFollowByPolicy(_ sync: String) async throws {
    let roles: JSONValue = [
      "mapping": [
        ["remote": "admins", "local": "auditor"], ["remote": "staff", "local": "employees"],
        ["remote": "staff", "local": "nowhere"],
      ]
    ]
    let policy: JSONObject = ["enabled": true, "roleSync": .string(sync)]
    try await ForeignLogin.run(policy: policy, resource: ["roles": roles]) { login async throws in
      for (path, name) in [("/Roles", "auditor"), ("/Groups", "employees"), ("/Groups", "local")] {
        _ = try await login.server.send(.POST, path, ["displayName": .string(name)])
      }
      _ = try await login.signIn()
      #expect(try await names("roles", login) == ["auditor"])
      #expect(try await names("groups", login) == ["employees"])

      let local = try await login.server.group("local")?.text("id") ?? ""
      _ = try await login.server.send(
        .PATCH, "/Groups/\(local)",
        [
          "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          "Operations": [
            ["op": "add", "path": "members", "value": [["value": .string(try await user(login).id)]]]
          ],
        ])
      login.provider.behave { $0.claims = { $0["groups"] = "staff,others" } }
      _ = try await login.anew().signIn()
      #expect(try await names("roles", login) == (sync == "override" ? [] : ["auditor"]))
      #expect(try await names("groups", login) == (sync == "override" ? ["employees"] : ["employees", "local"]))

      login.provider.behave { $0.claims = { $0["groups"] = ["admins"] } }
      let employees = try await login.server.group("employees")?.text("id") ?? ""
      _ = try await login.server.send(.DELETE, "/Groups/\(employees)")
      _ = try await login.anew().signIn()
      #expect(try await names("roles", login) == ["auditor"])
      #expect(try await names("groups", login) == (sync == "override" ? [] : ["local"]))
    }
  }

  @Test func aRoleIsGivenByItsVeryName() async throws {
    let roles: JSONValue = ["mapping": [["remote": "Kube-admins", "local": "auditor"]]]
    try await ForeignLogin.run(resource: ["roles": roles]) { login async throws in
      _ = try await login.server.send(.POST, "/Roles", ["displayName": "auditor"])
      login.provider.behave { $0.claims = { $0["groups"] = ["\u{212A}ube-admins"] } }
      _ = try await login.signIn()
      #expect(try await names("roles", login) == [])
      login.provider.behave { $0.claims = { $0["groups"] = ["Kube-admins"] } }
      _ = try await login.anew().signIn()
      #expect(try await names("roles", login) == ["auditor"])
    }
  }

  private func names(_ attribute: String, _ login: ForeignLogin) async throws -> [String] {
    (try await user(login)[attribute]?.array ?? []).map { $0.text("display") }.sorted()
  }

  // MARK: Names

  @Test(arguments: [
    ("PRIMARY", "SECONDARY/eve", "eve"), ("PARTNER", "eve", "PARTNER/eve"), ("PARTNER", "PRIMARY/eve", "PARTNER/eve"),
    ("", "eve", "eve"), ("", "PRIMARY/eve", "eve"),
  ])
  func theAccountIsMadeInItsUserStore(_ domain: String, _ name: String, _ expected: String) async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "userStoreDomain": .string(domain)]) { login async throws in
      login.provider.behave { $0.claims = { $0["preferred_username"] = .string(name) } }
      #expect(try await login.signIn().redirected["code"] != nil)
      let names = try await login.server.send(.GET, "/Users").resources.map { $0.text("userName") }
      #expect(names == ["admin", expected])
    }
  }

  /// Whoever has the name of an administrator has the rights.
  @Test func nobodyBecomesAnAdministratorByTheName() async throws {
    try await ForeignLogin.run { login async throws in
      let admin = try await login.server.user("admin")?.text("id") ?? ""
      #expect(try await login.server.send(.DELETE, "/Users/\(admin)").status == 204)
      for name in ["admin", "Admin", "PRIMARY/admin"] {
        login.provider.behave { $0.claims = { $0["preferred_username"] = .string(name) } }
        #expect(try await login.anew().signIn().text.contains("There is already an account of this name"))
      }
    }
  }

  @Test(arguments: ["a/b/c", "\u{7}", "", "Eve ", "eve\u{200B}", "\u{202E}eve", "\u{1D41E}ve"])
  func aNameThatCannotBeOneIsRefused(_ name: String) async throws {
    try await ForeignLogin.run(policy: ["enabled": true, "userStoreDomain": "PRIMARY"]) { login async throws in
      login.provider.behave { $0.claims = { $0["preferred_username"] = .string(name) } }
      let answer = try await login.signIn()
      #expect(answer.status == 403)
      #expect(answer.text.contains("No account can be made for you"))
    }
  }
}
