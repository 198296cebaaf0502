extension SchemaCatalog {
  /// The resource types that Rollcall itself knows, which are also those of its embedded directory.
  package static let standard = SchemaCatalog(
    resourceTypes: [
      ResourceType(
        name: "User", endpoint: "/Users", description: "User Account", schema: SchemaURN.user,
        extensions: [.init(schema: SchemaURN.enterpriseUser)]),
      ResourceType(name: "Group", endpoint: "/Groups", description: "Group", schema: SchemaURN.group),
      ResourceType(name: "Role", endpoint: "/Roles", description: "Role", schema: SchemaURN.role),
      ResourceType(
        name: "IdentityProvider", endpoint: "/IdentityProviders", description: "Identity Provider",
        schema: SchemaURN.identityProvider),
      ResourceType(
        name: "ServiceProvider", endpoint: "/ServiceProviders", description: "Service Provider",
        schema: SchemaURN.serviceProvider),
    ],
    schemas: [.user, .enterpriseUser, .group, .role, .identityProvider, .serviceProvider])

  /// The attribute of this type that lists members of a kind: `members` of a Group for `User` and `Group`; `users` of a
  /// Role for `User`, `groups` for `Group`. nil where the type cannot have such members.
  package func membershipAttribute(of type: ResourceType, for memberKind: String) -> String? {
    // A user's `groups` mirror what groups say, even where an endpoint forgets to call them read-only.
    guard type.schema != SchemaURN.user, let schema = schema(type.schema) else { return nil }
    let lists = schema.attributes.filter { $0.isMultiValued && $0.type == .complex && $0.mutability != .readOnly }
    let declared = lists.first { $0.referencedTypes.contains(memberKind) }
    let customary = lists.first {
      $0.referencedTypes.isEmpty && Self.customaryMembers[$0.name]?.contains(memberKind) == true
    }
    return (declared ?? customary)?.name
  }

  /// What lists hold whose schema does not say, as many endpoints' do not.
  private static let customaryMembers: [String: Set<String>] = [
    "members": ["User", "Group"], "users": ["User"], "groups": ["Group"],
  ]
}
