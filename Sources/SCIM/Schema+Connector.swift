/// The parts of an identity provider that say how others are reached.
extension Attribute {
  /// A connector of outbound provisioning.
  static let connector: [Attribute] = [
    .exact("name", "The connector's name, unique in its identity provider.", isRequired: true),
    .exact(
      "type", "The protocol.", canonicalValues: ["scim1", "scim2", "spml2", "google", "salesforce"]),
    .exact("endpoint", "The name of an Endpoint manifest that the server was started with, in place of an address."),
    .flag("enabled", "Whether it provisions; it does when nothing is said."),
    .flag("default", "Whether this one is meant when none is named."),
    .exact("username", "The name to sign in with."),
    .secret("password", "The password to sign in with."),
    .secret("token", "The bearer token to sign in with, in place of a name and a password."),
    .url("userEndpoint", "Where users are provisioned."),
    .url("groupEndpoint", "Where groups are provisioned; without it, none are."),
    .tls,
    .exact("userStoreDomain", "The user store domain there."),
    .flag("passwordProvisioning", "Whether passwords are sent along."),
    .flag("blocking", "Whether a change waits for it, in place of what the identity provider says."),
    .exact("roles", "Only users who have one of these roles are provisioned.", isMultiValued: true),
    .exact(
      "groups", "Only these groups, and users who are in one of them, are provisioned.", isMultiValued: true),
    .exact("rules", "SCIM filters that a user must match, all of them, to be provisioned.", isMultiValued: true),
  ]

  /// Which certificates to trust of a server.
  static let tls = Attribute.complex(
    "tls", "Which certificates to trust.",
    [
      .exact("caFile", "A file of certificates, in PEM."),
      Attribute("pinnedSHA256", description: "The SHA-256 digest of the certificate, in hexadecimal."),
      .flag("insecureSkipVerify", "Whether any certificate will do."),
    ])
}
