import Foundation
import Reconciliation

extension EndpointFactory {
  /// The driver for the way in which the organisation is to be spoken to.
  func salesforce(_ declaration: EndpointDeclaration) throws(EndpointError) -> any Endpoint {
    let settings = if case .salesforce(let settings) = declaration.settings { settings } else { SalesforceSettings() }
    let rules = AccessTokenRules(audience: Self.salesforceAudience(declaration.authentication))
    let configuration = try server(declaration, settings, tokens: rules)
    switch settings.mode {
    case .sobject: return try SalesforceEndpoint(configuration, clock: clock)
    case .scim: return try SalesforceSCIMEndpoint(configuration, clock: clock)
    }
  }

  /// Whom an assertion is for: one of two login servers, whatever the address that tokens are asked for at. A sandbox says so
  /// in its own.
  private static func salesforceAudience(_ authentication: EndpointDeclaration.Authentication?) -> String {
    guard case .oauth2(let client)? = authentication, let host = URLComponents(string: client.tokenURL)?.host else {
      return "https://login.salesforce.com"
    }
    let isSandbox = host == "test.salesforce.com" || host.contains(".sandbox.")
    return isSandbox ? "https://test.salesforce.com" : "https://login.salesforce.com"
  }
}
