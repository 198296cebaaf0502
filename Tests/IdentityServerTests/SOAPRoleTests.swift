import JSON
import LocalDirectory
import NIOHTTP1
import SCIM
import Testing

@testable import IdentityServer

/// Groups and roles through the SOAP service.
struct SOAPRoleTests {
  @Test func namesTellRolesFromGroups() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      let permission =
        "<ser:permissions>" + xml("action", "ui.execute", prefix: "dto")
        + xml("resourceId", "/permission/admin/login", prefix: "dto") + "</ser:permissions>"
      for name in ["Internal/login", "Application/crm", "engineers", "SECONDARY/engineers"] {
        let more = name == "Internal/login" ? xml("userList", "admin") + permission : ""
        #expect(try await soap.call("addRole", xml("roleName", name) + more).status == 202)
      }
      let roles = try await server.send(.GET, "/Roles").resources
      #expect(roles.compactMap { $0["displayName"]?.string } == ["login", "Application/crm"])
      #expect(roles.first?["permissions"] == ["/permission/admin/login"])
      #expect(roles.first?["users"]?.array?.count == 1)
      let groups = try await server.send(.GET, "/Groups").resources
      #expect(groups.compactMap { $0["displayName"]?.string }.count == 2)
      #expect(
        try await soap.call("getRoleNames").returned
          == ["Internal/everyone", "Internal/login", "Application/crm", "engineers", "SECONDARY/engineers"])
      #expect(
        try await soap.call("getHybridRoles").returned == ["Internal/everyone", "Internal/login", "Application/crm"])
      #expect(try await soap.call("isExistingRole", xml("roleName", "login")).returned == ["false"])
      #expect(try await soap.call("isExistingRole", xml("roleName", "Internal/login")).returned == ["true"])
      let refused = try await soap.call("addRole", xml("roleName", "pilots") + permission)
      #expect(refused.faultText.contains("Internal/pilots"))
      #expect(try await soap.call("isExistingRole", xml("roleName", "pilots")).returned == ["false"])
    }
  }

  @Test func aRoleThatIsStoredWithItsPrefixIsFoundToo() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await server.send(.POST, "/Roles", ["displayName": "Internal/login"]).status == 201)
      #expect(try await soap.call("getHybridRoles").returned == ["Internal/everyone", "Internal/login"])
      #expect(try await soap.call("addRole", xml("roleName", "Internal/login")).faultText.hasPrefix("30012 - "))
      #expect(try await soap.call("deleteRole", xml("roleName", "Internal/login")).status == 202)
      #expect(try await server.send(.GET, "/Roles").resources.isEmpty)
    }
  }

  @Test func membershipsChangeFromBothSides() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      for name in ["ann", "bob"] { #expect(try await soap.addUser(name).status == 202) }
      for name in ["staff", "pilots", "Internal/login"] {
        #expect(try await soap.call("addRole", xml("roleName", name) + xml("userList", "ann")).status == 202)
      }
      let rolesOfAnn = { try await soap.call("getRoleListOfUser", xml("userName", "ann")).returned.compactMap(\.self) }
      #expect(try await Set(rolesOfAnn()) == ["Internal/everyone", "staff", "pilots", "Internal/login"])
      let change = xml("userName", "ann") + xml("deletedRoles", "staff") + xml("deletedRoles", "Internal/login")
      #expect(
        try await soap.call("updateRoleListOfUser", change + xml("newRoles", "nowhere")).faultText
          .hasPrefix("31304 - "))
      #expect(try await rolesOfAnn().count == 4)
      #expect(try await soap.call("updateRoleListOfUser", change + xml("newRoles", "Internal/everyone")).status == 202)
      #expect(try await rolesOfAnn() == ["Internal/everyone", "pilots"])

      let swap = xml("roleName", "pilots") + xml("deletedUsers", "ann") + xml("newUsers", "bob")
      let refused = try await soap.call("updateUserListOfRole", swap + xml("newUsers", "nobody"))
      #expect(refused.faultText.hasPrefix("30007 - "))
      #expect(try await soap.call("updateUserListOfRole", swap).status == 202)
      #expect(try await soap.call("getUserListOfRole", xml("roleName", "pilots")).returned == ["bob"])
      #expect(try await soap.call("updateUserListOfRole", xml("roleName", "pilots")).status == 202)
      #expect(try await soap.call("getUserListOfRole", xml("roleName", "pilots")).returned == ["bob"])
    }
  }

  @Test func rolesAreRenamedWithinTheirKind() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      for name in ["staff", "pilots", "Internal/login"] {
        #expect(try await soap.call("addRole", xml("roleName", name)).status == 202)
      }
      let rename = { old, new in
        try await soap.call("updateRoleName", xml("roleName", old) + xml("newRoleName", new))
      }
      #expect(try await rename("staff", "crew").status == 202)
      #expect(try await rename("Internal/login", "Internal/signin").status == 202)
      #expect(try await rename("crew", "pilots").faultText.hasPrefix("30012 - "))
      #expect(try await rename("crew", "Internal/crew").faultText.hasPrefix("31501 - "))
      #expect(try await rename("staff", "other").faultText.hasPrefix("31304 - "))
      #expect(try await rename("crew", "").faultText.hasPrefix("30011 - "))
      #expect(
        try await soap.call("getRoleNames").returned == ["Internal/everyone", "Internal/signin", "crew", "pilots"])
    }
  }

  @Test func everyoneHasTheRoleThatNobodyCanChange() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.addUser("ann", xml("roleList", "Internal/everyone")).status == 202)
      let name = xml("roleName", "Internal/everyone")
      #expect(try await soap.call("isExistingRole", name).returned == ["true"])
      #expect(try await soap.call("getUserListOfRole", name).returned == ["admin", "ann"])
      #expect(try await soap.call("addRole", name).faultText.hasPrefix("30012 - "))
      #expect(try await soap.call("deleteRole", name).faultText.hasPrefix("31805 - "))
      #expect(try await soap.call("updateUserListOfRole", name).faultText.hasPrefix("30009 - "))
      #expect(
        try await soap.call("updateRoleName", name + xml("newRoleName", "Internal/all")).faultText
          .hasPrefix("30009 - "))
      let leave = xml("userName", "ann") + xml("deletedRoles", "Internal/everyone")
      #expect(try await soap.call("updateRoleListOfUser", leave).faultText.hasPrefix("30009 - "))
    }
  }

  @Test func factsAboutTheStoreAreTold() async throws {
    try await withServer { server async throws in
      let soap = SOAPClient(server: server)
      #expect(try await soap.call("getTenantId").returned == ["-1234"])
      #expect(try await soap.call("getTenantIdofUser", xml("username", "admin")).returned == ["-1234"])
      #expect(try await soap.call("getTenantIdofUser", xml("username", "x")).faultText.hasPrefix("30007 - "))
      #expect(try await soap.call("getProfileNames", xml("userName", "admin")).returned == ["default"])
      #expect(try await soap.call("getAllProfileNames").returned == ["default"])
      #expect(try await soap.call("isReadOnly").returned == ["false"])
      #expect(try await soap.call("getProperties").returned == [])
      #expect(try await soap.call("getUserId", xml("username", "admin")).faultText.contains("claims/userid"))
    }
  }
}
