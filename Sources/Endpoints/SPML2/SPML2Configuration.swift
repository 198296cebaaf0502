import Reconciliation

/// What an ``SPML2Endpoint`` needs to know, secrets resolved.
package struct SPML2Configuration: Sendable {
  /// The name in the manifests.
  package var name: String
  /// Where the provider listens; every request goes there.
  package var url: String
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool
  package var settings: SPML2Settings
  package var connection: ConnectionConfiguration
  /// How many objects a part of a search may hold.
  package var pageSize: Int

  package init(
    name: String, url: String, allowsPlaintext: Bool = false, settings: SPML2Settings,
    connection: ConnectionConfiguration, pageSize: Int = 100
  ) {
    self.name = name
    self.url = url
    self.allowsPlaintext = allowsPlaintext
    self.settings = settings
    self.connection = connection
    self.pageSize = pageSize
  }
}
