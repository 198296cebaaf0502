import Reconciliation

/// What a ``GoogleEndpoint`` needs to know, secrets resolved.
package struct GoogleConfiguration: Sendable {
  /// The name in the manifests.
  package var name: String
  /// Where the Admin SDK is: `https://admin.googleapis.com`.
  package var url: String
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool
  package var settings: GoogleSettings
  package var connection: ConnectionConfiguration

  package init(
    name: String, url: String = GoogleSettings.defaultURL, allowsPlaintext: Bool = false,
    settings: GoogleSettings = GoogleSettings(), connection: ConnectionConfiguration
  ) {
    self.name = name
    self.url = url
    self.allowsPlaintext = allowsPlaintext
    self.settings = settings
    self.connection = connection
  }

  /// The domain whose names are made up for groups: the one that is looked after, else that of the administrator.
  var domain: String? {
    settings.domain ?? connection.credential?.userName?.split(separator: "@").last.map(String.init)
  }
}
