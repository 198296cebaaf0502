import Reconciliation

extension EndpointFactory {
  /// - Throws: `misconfigured` when the declaration cannot be used.
  func wso2(_ declaration: EndpointDeclaration) throws(EndpointError) -> WSO2Endpoint {
    guard let url = declaration.url else {
      throw EndpointError(.misconfigured, "endpoint '\(declaration.name)' has no `url`")
    }
    let settings = if case .wso2(let settings) = declaration.settings { settings } else { WSO2Settings() }
    let configuration = WSO2Configuration(
      name: declaration.name, url: url, allowsPlaintext: declaration.allowsPlaintext, settings: settings,
      connection: try connection(declaration))
    return try WSO2Endpoint(configuration, clock: clock)
  }
}
