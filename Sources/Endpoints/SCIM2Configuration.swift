import SCIM

/// What a ``SCIM2Endpoint`` needs to know, secrets resolved.
package struct SCIM2Configuration: Sendable {
  /// The name in the manifests.
  package var name: String
  /// The base address: `https://host/scim2`.
  package var url: String
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool
  package var connection: ConnectionConfiguration
  /// The most resources to ask for at once; the endpoint may bring fewer.
  package var pageSize: Int
  /// Attributes that listings leave out; empty asks for all.
  package var excludedAttributes: [String]
  /// Schema extensions that stand in for those which the endpoint names and does not describe.
  package var schemas: [SchemaExtension] = []
  /// Where the endpoint describes itself (RFC 7644 section 4), below the base address.
  package var configurationPath = "/ServiceProviderConfig"

  package init(
    name: String, url: String, allowsPlaintext: Bool = false, connection: ConnectionConfiguration,
    pageSize: Int = 1000, excludedAttributes: [String] = []
  ) {
    self.name = name
    self.url = url
    self.allowsPlaintext = allowsPlaintext
    self.connection = connection
    self.pageSize = pageSize
    self.excludedAttributes = excludedAttributes
  }
}
