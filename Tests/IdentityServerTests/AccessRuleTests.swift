import LocalDirectory
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// Who may do what to which resources.
struct AccessRuleTests {
  private func machine(_ scopes: String) throws -> Principal {
    Principal(.token, name: "machine", rights: try Scopes(parsing: scopes).rights)
  }

  @Test func administratorsMayDoEverything() throws {
    let admin = Principal(.user(id: "1"), name: "admin", rights: .everything)
    for access in [Access.read, .create, .update, .delete, .write] {
      #expect(admin.may(access, "User", id: "2"))
      #expect(admin.may(access, "ServiceProvider"))
      #expect(try machine("users:read admin").may(access, "Group"))
    }
  }

  @Test func anyoneElseMayReadThemselves() {
    let ann = Principal(.user(id: "1"), name: "ann", rights: .itself)
    #expect(ann.may(.read, "User", id: "1"))
    #expect(!ann.may(.read, "User", id: "2"))
    #expect(!ann.may(.read, "User"))
    #expect(!ann.may(.read, "Group", id: "1"))
    for access in [Access.create, .update, .delete, .write] { #expect(!ann.may(access, "User", id: "1")) }
    let nobody = Principal(.token, name: "x", rights: .itself)
    #expect(!nobody.may(.read, "User"))
  }

  @Test(arguments: [
    ("users:read", "User", [true, true, false, false, false]),
    ("users:write", "User", [false, false, true, true, true]),
    ("users:read users:write", "User", [true, true, true, true, true]),
    ("users:read", "Group", [false, false, false, false, false]),
    ("scim:read", "Device", [true, true, false, false, false]),
    ("scim:write", "IdentityProvider", [false, false, true, true, true]),
    ("identity-providers:read", "IdentityProvider", [true, true, false, false, false]),
    ("devices:write", "Device", [false, false, true, true, true]),
    ("internal_user_mgt_list", "User", [true, false, false, false, false]),
    ("internal_user_mgt_view", "User", [false, true, false, false, false]),
    ("internal_group_mgt_create", "Group", [false, false, true, false, false]),
    ("internal_role_mgt_update", "Role", [false, false, false, true, false]),
    ("internal_user_mgt_delete", "User", [false, false, false, false, true]),
    ("internal_application_mgt_view", "ServiceProvider", [false, true, false, false, false]),
    ("internal_idp_create", "IdentityProvider", [false, false, true, false, false]),
    ("openid users: :read users:read:all users", "User", [false, false, false, false, false]),
    ("tokens:introspect", "User", [false, false, false, false, false]),
  ])
  func scopesAllowWhatTheySay(_ scopes: String, _ type: String, _ allowed: [Bool]) throws {
    let machine = try machine(scopes)
    #expect(
      [
        machine.may(.read, type), machine.may(.read, type, id: "1"), machine.may(.create, type),
        machine.may(.update, type, id: "1"), machine.may(.delete, type, id: "1"),
      ] == allowed)
    #expect(machine.may(.write, type) == (allowed.suffix(3) == [true, true, true]))
  }

  @Test(arguments: [
    ("users:read", "users:read", "users:read"), ("users:read", "users:write", ""),
    ("users:read openid", "openid", "openid"), ("users:write", "internal_user_mgt_create", "internal_user_mgt_create"),
    ("internal_user_mgt_create", "users:write", ""), ("scim:read", "groups:read users:write", "groups:read"),
    ("users:read groups:read", "scim:read", ""), ("admin", "anything users:write", "anything users:write"),
    ("users:read", "admin", ""), ("scim:read scim:write", "admin", ""),
    (
      "internal_user_mgt_create internal_user_mgt_update internal_user_mgt_delete", "users:write", "users:write"
    ),
  ])
  func aClientGetsNoMoreThanItMayHave(_ allowed: String, _ wanted: String, _ granted: String) throws {
    #expect(try Scopes(parsing: allowed).granting(try Scopes(parsing: wanted)).description == granted)
  }

  @Test func theNamesOfScopesFollowFromTheTypes() {
    let names = ScopeGrant.names(for: .directory)
    for name in ["admin", "scim:read", "users:write", "identity-providers:read", "service-providers:write"] {
      #expect(names.contains(name))
      #expect(ScopeGrant.isKnown(name, to: .directory))
    }
    #expect(ScopeGrant.isKnown("internal_role_mgt_view", to: .directory))
    #expect(!ScopeGrant.isKnown("users:all", to: .directory))
    #expect(!ScopeGrant.isKnown("devices:read", to: .directory))
  }

  @Test func signaturesTellTheKindsApart() {
    #expect(Principal(.user(id: "1"), name: "token:ci", rights: .itself).signature == "user:token:ci")
    #expect(Principal(.token, name: "ci", rights: .everything).signature == "token:ci")
    #expect(Principal(.client, name: "app", rights: .everything).signature == "client:app")
  }
}
