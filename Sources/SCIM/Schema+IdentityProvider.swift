extension Schema {
  /// An identity provider as manifests describe it: federated login, mappings, just-in-time provisioning and outbound
  /// provisioning connectors. Complex attributes nest deeper than RFC 7643 section 2.3.8 allows to SCIM's own schemas.
  static let identityProvider = Schema(
    id: SchemaURN.identityProvider, name: "IdentityProvider", description: "Identity Provider",
    attributes: [
      .manifestName,
      Attribute("displayName", description: "A human-readable name for the identity provider."),
      .flag("enabled", "Whether users may sign in with it and connectors provision to it."),
      .complex("authenticators", "How users sign in with it.", isMultiValued: true, authenticator),
      .complex(
        "claims", "How its claims become attributes.",
        [
          .exact("userId", "The claim that identifies the user."),
          .exact("roles", "The claim that lists the user's roles."),
          mapping("Claims and the attributes that they become."),
        ]),
      .complex("roles", "How its roles become ours.", [mapping("Its roles and ours.")]),
      .complex("justInTimeProvisioning", "What happens to the local account at sign-in.", justInTimeProvisioning),
      .complex(
        "provisioning", "Where changes of our users and groups go.",
        [
          .flag("blocking", "Whether a change waits for the connectors."),
          .complex("connectors", "The ways to provision to it.", isMultiValued: true, Attribute.connector),
        ]),
    ])

  private static let authenticator: [Attribute] = [
    .exact("type", "The protocol.", isRequired: true, canonicalValues: ["openidconnect"]),
    .exact("clientId", "Our client identifier there."),
    .secret("clientSecret", "Our client secret there."),
    .url("issuer", "The issuer, to discover the addresses from."),
    .url("authorizationEndpoint", "Where sign-in begins."),
    .url("tokenEndpoint", "Where codes become tokens."),
    .url("userInfoEndpoint", "Where further claims are read."),
    .url("jwksURI", "Where the keys that sign tokens are published."),
    .url("endSessionEndpoint", "Where sign-out begins."),
    .url("callbackURL", "Where sign-in returns to us."),
    .exact("scopes", "The scopes to ask for.", isMultiValued: true),
    .tls,
  ]

  private static let justInTimeProvisioning: [Attribute] = [
    .flag("enabled", "Whether an account is made or updated at sign-in."),
    .exact("userStoreDomain", "The user store that accounts are made in."),
    .exact("prompt", "What to ask the user.", canonicalValues: ["none", "consent", "username", "password"]),
    .exact(
      "attributeSync", "What happens to attributes at later sign-ins.",
      canonicalValues: ["overrideAll", "preserveLocal", "none"]),
    .exact(
      "roleSync", "What happens to roles at later sign-ins.", canonicalValues: ["merge", "override", "none"]),
    .exact(
      "association", "By what an existing account may be taken over.",
      canonicalValues: ["none", "verifiedEmail", "externalId"]),
  ]

  private static func mapping(_ description: String) -> Attribute {
    .complex(
      "mapping", description, isMultiValued: true,
      [.exact("remote", "The name there.", isRequired: true), .exact("local", "The name here.", isRequired: true)])
  }
}
