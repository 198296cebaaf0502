import Reconciliation

extension EndpointFactory {
  func google(_ declaration: EndpointDeclaration) throws(EndpointError) -> GoogleEndpoint {
    let settings = if case .google(let settings) = declaration.settings { settings } else { GoogleSettings() }
    return try GoogleEndpoint(try server(declaration, settings, at: GoogleSettings.defaultURL), clock: clock)
  }
}

extension GoogleConfiguration {
  /// The domain whose names are made up for groups: the one that is looked after, else that of the administrator.
  var domain: String? {
    settings.domain ?? connection.credential?.userName?.split(separator: "@").last.map(String.init)
  }
}
