import Reconciliation

extension EndpointFactory {
  func google(_ declaration: EndpointDeclaration) throws(EndpointError) -> GoogleEndpoint {
    let settings = if case .google(let settings) = declaration.settings { settings } else { GoogleSettings() }
    let configuration = GoogleConfiguration(
      name: declaration.name, url: declaration.url ?? GoogleSettings.defaultURL,
      allowsPlaintext: declaration.allowsPlaintext, settings: settings, connection: try connection(declaration))
    return try GoogleEndpoint(configuration, clock: clock)
  }
}
