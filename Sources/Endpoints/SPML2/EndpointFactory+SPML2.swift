import Reconciliation

extension EndpointFactory {
  /// - Throws: `misconfigured` when the declaration cannot be used.
  func spml2(_ declaration: EndpointDeclaration) throws(EndpointError) -> SPML2Configuration {
    let url = try address(declaration)
    guard case .spml2(let settings) = declaration.settings else {
      throw EndpointError(.misconfigured, "endpoint '\(declaration.name)' has no settings of SPML")
    }
    return SPML2Configuration(
      name: declaration.name, url: url, allowsPlaintext: declaration.allowsPlaintext,
      settings: settings, connection: try connection(declaration))
  }
}
