extension Schema {
  /// RFC 7643 section 4.2.
  static let group = Schema(
    id: SchemaURN.group, name: "Group", description: "Group",
    attributes: [
      // REQUIRED in prose, though the listing in section 8.7.1 says otherwise.
      Attribute("displayName", description: "A human-readable name for the Group. REQUIRED.", isRequired: true),
      .complex(
        "members", "A list of members of the Group.", isMultiValued: true,
        Attribute.referencing(["User", "Group"], "Identifier of the member of this Group.", mutability: .immutable) + [
          Attribute(
            "type", description: "The type of resource, e.g., 'User' or 'Group'.",
            canonicalValues: ["User", "Group"], mutability: .immutable),
          .readOnlyDisplay(),
        ]),
    ])

  /// Roles as WSO2 Identity Server has them under `/scim2/Roles`: users and groups stand apart, permissions are
  /// strings.
  static let role = Schema(
    id: SchemaURN.role, name: "Role", description: "Role",
    attributes: [
      Attribute("displayName", description: "A human-readable name for the Role. REQUIRED.", isRequired: true),
      .complex(
        "users", "The users who have the Role.", isMultiValued: true,
        Attribute.referencing(["User"], "Identifier of the user.") + [.readOnlyType("User"), .readOnlyDisplay()]),
      .complex(
        "groups", "The groups whose members have the Role.", isMultiValued: true,
        Attribute.referencing(["Group"], "Identifier of the group.") + [.readOnlyType("Group"), .readOnlyDisplay()]),
      .exact("permissions", "What the Role permits, e.g., '/permission/admin/login'.", isMultiValued: true),
    ])
}
