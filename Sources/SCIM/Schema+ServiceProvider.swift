extension Schema {
  /// An application as manifests describe it; the one named `resident` is the server itself.
  static let serviceProvider = Schema(
    id: SchemaURN.serviceProvider, name: "ServiceProvider", description: "Service Provider",
    attributes: [
      .manifestName,
      Attribute("displayName", description: "A human-readable name for the application."),
      .complex(
        "inbound", "How the application lets its users sign in.",
        [.complex("openidconnect", "The application as an OpenID Connect client.", openIDConnectClient)]),
      .complex(
        "authentication", "How its users prove who they are.",
        [
          .complex(
            "steps", "What is asked of them, in this order.", isMultiValued: true,
            [
              .exact("local", "Authenticators of our own.", isMultiValued: true, canonicalValues: ["basic"]),
              .exact("federated", "Names of identity providers.", isMultiValued: true),
            ])
        ]),
      .complex(
        "inboundProvisioning", "What becomes of users and groups that come in with its tokens.",
        [
          .flag(
            "proxy",
            "Whether they are passed on to its connectors and not kept here; the first connector's ids are its own.")
        ]),
      .complex(
        "outboundProvisioning", "Where users and groups that come in here are provisioned on.", isMultiValued: true,
        [
          .exact("identityProvider", "The name of an identity provider.", isRequired: true),
          .exact("connector", "The name of one of its connectors; the default one when absent."),
        ]),
    ])

  private static let openIDConnectClient: [Attribute] = [
    .exact("clientId", "The client identifier; the id of the resource when absent."),
    .secret("clientSecret", "The client secret; a client without one is public."),
    .url("redirectURIs", "Where sign-in may return to.", isMultiValued: true),
    .flag("anyLoopbackPort", "Whether redirect URIs of 127.0.0.1 and [::1] may have any port."),
    .url("postLogoutRedirectURIs", "Where sign-out may return to.", isMultiValued: true),
    .exact(
      "grantTypes", "The grants that the client may use.", isMultiValued: true,
      canonicalValues: ["authorization_code", "refresh_token", "client_credentials", "password"]),
    .exact("scopes", "The most that the client's tokens may allow.", isMultiValued: true),
    .exact(
      "pkce", "Whether the client must prove possession of its code.", canonicalValues: ["required", "optional"]),
    .exact("accessTokenLifetime", "How long an access token lives, e.g., '1h'."),
    .exact("refreshTokenLifetime", "How long a refresh token lives, e.g., '1d'; each use gives a new one."),
    .flag("skipConsent", "Whether its users are not asked for consent."),
    .exact("subject", "What names the user to the client.", canonicalValues: ["id", "userName"]),
    .exact("idTokenAlgorithm", "What ID tokens are signed with.", canonicalValues: ["RS256", "ES256"]),
  ]
}
