import Reconciliation

/// What a driver needs to know whose endpoint is one server and takes settings of its own, secrets resolved.
package struct ServerConfiguration<Settings: Sendable>: Sendable {
  /// The name in the manifests.
  package var name: String
  /// The address of the server, without a path of its services: `https://localhost:9443`,
  /// `https://corp.my.salesforce.com`.
  package var url: String
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool
  package var settings: Settings
  package var connection: ConnectionConfiguration

  package init(
    name: String, url: String, allowsPlaintext: Bool = false, settings: Settings, connection: ConnectionConfiguration
  ) {
    self.name = name
    self.url = url
    self.allowsPlaintext = allowsPlaintext
    self.settings = settings
    self.connection = connection
  }
}

package typealias GoogleConfiguration = ServerConfiguration<GoogleSettings>
package typealias SalesforceConfiguration = ServerConfiguration<SalesforceSettings>
package typealias WSO2Configuration = ServerConfiguration<WSO2Settings>

extension EndpointFactory {
  /// - Parameters:
  ///   - standard: the address of those that name none; nil asks for one.
  ///   - rules: what the driver knows of the access tokens that its endpoint takes.
  /// - Throws: `misconfigured` when the declaration cannot be used.
  func server<Settings>(
    _ declaration: EndpointDeclaration, _ settings: Settings, at standard: String? = nil,
    tokens rules: AccessTokenRules = AccessTokenRules()
  ) throws(EndpointError) -> ServerConfiguration<Settings> {
    ServerConfiguration(
      name: declaration.name, url: try address(declaration, orElse: standard),
      allowsPlaintext: declaration.allowsPlaintext,
      settings: settings, connection: try connection(declaration, tokens: rules))
  }

  /// - Parameter standard: the address of those that name none.
  /// - Throws: `misconfigured` when there is none.
  func address(
    _ declaration: EndpointDeclaration, orElse standard: String? = nil
  ) throws(EndpointError) -> String {
    guard let url = declaration.url ?? standard else {
      throw EndpointError(.misconfigured, "endpoint '\(declaration.name)' has no `url`")
    }
    return url
  }
}
