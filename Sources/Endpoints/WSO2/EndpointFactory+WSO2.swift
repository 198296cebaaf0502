import Reconciliation

extension EndpointFactory {
  /// - Throws: `misconfigured` when the declaration cannot be used.
  func wso2(_ declaration: EndpointDeclaration) throws(EndpointError) -> WSO2Endpoint {
    let settings = if case .wso2(let settings) = declaration.settings { settings } else { WSO2Settings() }
    return try WSO2Endpoint(try server(declaration, settings), clock: clock)
  }
}

extension WSO2Settings {
  /// What stands in front of the paths of a tenant's services.
  var path: String { tenant == Self.superTenant ? "" : "/t/\(tenant)" }
}
