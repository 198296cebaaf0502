extension UserStoreOperation {
  /// Everything that the service does. The WSDL is written, messages are read and answered, and rights are checked by
  /// this table alone.
  static let all: [UserStoreOperation] = users + credentials + claims + roles + facts

  private static let users: [UserStoreOperation] = [
    .init(
      "addUser",
      [
        .user(), .value("credential"), .roles("roleList"), .claims, .profile, .value("requirePasswordChange", .boolean),
      ], .create, ["User"]
    ) { try await $0.addUser() },
    .init("deleteUser", [.user()], .delete, ["User"]) { try await $0.deleteUser() },
    .init("isExistingUser", [.user()], returns: .boolean, .read, ["User"]) { .boolean(try await $0.isExistingUser()) },
    .init(
      "listUsers", [.value("filter"), .value("maxItemLimit", .int)], returns: .string, isRepeated: true, .read, ["User"]
    ) { .texts(try await $0.listUsers()) },
    .init(
      "getUserList", [.value("claimUri"), .value("claimValue"), .value("profile")], returns: .string, isRepeated: true,
      .read, ["User"]
    ) { .texts(try await $0.usersWithClaim()) },
    .init("getUserId", [.user("username")], returns: .int, .read, ["User"]) { try await $0.numericUserID() },
  ]

  private static let credentials: [UserStoreOperation] = [
    .init("authenticate", [.user(), .value("credential")], returns: .boolean, .read, ["User"]) {
      .boolean(try await $0.authenticate())
    },
    .init(
      "updateCredential", [.user(), .value("newCredential"), .value("oldCredential")], .update, ["User"],
      isOpenToOneself: true
    ) { try await $0.updateCredential() },
    .init("updateCredentialByAdmin", [.user(), .value("newCredential")], .update, ["User"]) {
      try await $0.updateCredentialByAdmin()
    },
    .init("getPasswordExpirationTime", [.user("username")], returns: .long, .read, ["User"]) {
      .number(try await $0.passwordExpirationTime())
    },
  ]

  private static let claims: [UserStoreOperation] = [
    .init("setUserClaimValue", [.user(), .value("claimURI"), .value("claimValue"), .profile], .update, ["User"]) {
      try await $0.setClaim()
    },
    .init("setUserClaimValues", [.user(), .claims, .profile], .update, ["User"]) { try await $0.setClaims() },
    .init("addUserClaimValue", [.user(), .value("claimURI"), .value("claimValue"), .profile], .update, ["User"]) {
      try await $0.addClaim()
    },
    .init("addUserClaimValues", [.user(), .claims, .profile], .update, ["User"]) { try await $0.addClaims() },
    .init("deleteUserClaimValue", [.user(), .value("claimURI"), .profile], .update, ["User"]) {
      try await $0.deleteClaim()
    },
    .init("deleteUserClaimValues", [.user(), .values("claims"), .profile], .update, ["User"]) {
      try await $0.deleteClaims()
    },
    .init("getUserClaimValue", [.user(), .value("claim"), .profile], returns: .string, .read, ["User"]) {
      try await $0.claim().map(SOAPValue.text) ?? .null
    },
    .init(
      "getUserClaimValues", [.user(), .profile], returns: .structure(SOAPType.claim), isRepeated: true, .read, ["User"]
    ) { .list(try await $0.describedClaims()) },
    .init(
      "getUserClaimValuesForClaims", [.user(), .values("claims"), .profile],
      returns: .structure(SOAPType.claimValue), isRepeated: true, .read, ["User"]
    ) { .list(try await $0.claimValues()) },
  ]

  private static let roles: [UserStoreOperation] = [
    .init(
      "addRole",
      [.role("roleName"), .values("userList"), .values("permissions", .structure(SOAPType.permission))], .create, []
    ) { try await $0.addRole() },
    .init("deleteRole", [.role("roleName")], .delete, []) { try await $0.deleteRole() },
    .init("updateRoleName", [.role("roleName"), .role("newRoleName")], .update, []) { try await $0.renameRole() },
    .init("isExistingRole", [.role("roleName")], returns: .boolean, .read, []) {
      .boolean(try await $0.isExistingRole())
    },
    .init("getRoleNames", returns: .string, isRepeated: true, .read, ["Group", "Role"]) {
      .texts(try await $0.roleNames(kinds: ["Role", "Group"]))
    },
    .init("getHybridRoles", returns: .string, isRepeated: true, .read, ["Role"]) {
      .texts(try await $0.roleNames(kinds: ["Role"]))
    },
    .init("getRoleListOfUser", [.user()], returns: .string, isRepeated: true, .read, ["User"]) {
      .texts(try await $0.rolesOfUser())
    },
    .init("updateRoleListOfUser", [.user(), .roles("deletedRoles"), .roles("newRoles")], .update, ["User"]) {
      try await $0.updateRolesOfUser()
    },
    .init("getUserListOfRole", [.role("roleName")], returns: .string, isRepeated: true, .read, []) {
      .texts(try await $0.usersOfRole())
    },
    .init("updateUserListOfRole", [.role("roleName"), .values("deletedUsers"), .values("newUsers")], .update, []) {
      try await $0.updateUsersOfRole()
    },
  ]

  private static let facts: [UserStoreOperation] = [
    .init("getTenantId", returns: .int, .read, []) { _ in .number(UserStoreCall.tenantID) },
    .init("getTenantIdofUser", [.user("username")], returns: .int, .read, ["User"]) {
      _ = try await $0.subject()
      return .number(UserStoreCall.tenantID)
    },
    .init("getProfileNames", [.user()], returns: .string, isRepeated: true, .read, ["User"]) {
      _ = try await $0.subject()
      return .texts([UserStoreCall.defaultProfile])
    },
    .init("getAllProfileNames", returns: .string, isRepeated: true, .read, []) { _ in
      .texts([UserStoreCall.defaultProfile])
    },
    .init("isReadOnly", returns: .boolean, .read, []) { _ in .boolean(false) },
    // WSO2 knows of none either.
    .init(
      "getProperties", [.value("tenant", .structure(SOAPType.tenant))],
      returns: .structure(SOAPType.arrayOfString), isRepeated: true, .read, []
    ) { _ in .list([]) },
  ]
}
