import Reconciliation

/// What the drivers for Salesforce need to know, secrets resolved.
package struct SalesforceConfiguration: Sendable {
  /// The name in the manifests.
  package var name: String
  /// The address of the organisation's My Domain: `https://corp.my.salesforce.com`.
  package var url: String
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool
  package var settings: SalesforceSettings
  package var connection: ConnectionConfiguration

  package init(
    name: String, url: String, allowsPlaintext: Bool = false, settings: SalesforceSettings = SalesforceSettings(),
    connection: ConnectionConfiguration
  ) {
    self.name = name
    self.url = url
    self.allowsPlaintext = allowsPlaintext
    self.settings = settings
    self.connection = connection
  }
}
