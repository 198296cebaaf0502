import SCIM

/// What a ``SCIM1Endpoint`` needs to know, secrets resolved.
package struct SCIM1Configuration: Sendable {
  /// The name in the manifests.
  package var name: String
  /// Where the users are, in whole: `https://host/wso2/scim/Users`.
  package var userEndpoint: String
  /// Where the groups are; nil when the endpoint is not asked for any.
  package var groupEndpoint: String?
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool
  package var connection: ConnectionConfiguration
  /// Schema extensions that the endpoint has: SCIM 1.1 endpoints are not asked for theirs.
  package var schemas: [SchemaExtension]

  package init(
    name: String, userEndpoint: String, groupEndpoint: String? = nil, allowsPlaintext: Bool = false,
    connection: ConnectionConfiguration, schemas: [SchemaExtension] = []
  ) {
    self.name = name
    self.userEndpoint = userEndpoint
    self.groupEndpoint = groupEndpoint
    self.allowsPlaintext = allowsPlaintext
    self.connection = connection
    self.schemas = schemas
  }
}
