import Reconciliation

/// What the driver for WSO2 Identity Server needs to know, secrets resolved.
package struct WSO2Configuration: Sendable {
  /// The name in the manifests.
  package var name: String
  /// The address of the server, without a path of its services: `https://localhost:9443`.
  package var url: String
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool
  package var settings: WSO2Settings
  package var connection: ConnectionConfiguration

  package init(
    name: String, url: String, allowsPlaintext: Bool = false, settings: WSO2Settings = WSO2Settings(),
    connection: ConnectionConfiguration
  ) {
    self.name = name
    self.url = url
    self.allowsPlaintext = allowsPlaintext
    self.settings = settings
    self.connection = connection
  }
}

extension WSO2Settings {
  /// What stands in front of the paths of a tenant's services.
  var path: String { tenant == Self.superTenant ? "" : "/t/\(tenant)" }
}
