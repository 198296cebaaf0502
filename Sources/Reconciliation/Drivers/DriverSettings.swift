/// What the driver of one type needs to know beyond address and credentials.
package enum DriverSettings: Hashable, Sendable {
  case none
  case scim1(SCIM1Settings)
  case spml2(SPML2Settings)
  case google(GoogleSettings)
  case salesforce(SalesforceSettings)
  case wso2(WSO2Settings)
}

/// Where an endpoint of SCIM 1.1 has its resources, each address in whole, as WSO2's connector is told.
package struct SCIM1Settings: Hashable, Sendable {
  package var userEndpoint: String
  /// nil leaves groups alone.
  package var groupEndpoint: String?

  package init(userEndpoint: String, groupEndpoint: String? = nil) {
    self.userEndpoint = userEndpoint
    self.groupEndpoint = groupEndpoint
  }
}

/// Which tenant of a WSO2 Identity Server is meant, and what is known of it.
package struct WSO2Settings: Hashable, Sendable {
  /// The tenant that needs no path of its own.
  package static let superTenant = "carbon.super"

  /// A domain name; every tenant but the super tenant is served below `/t/<tenant>`.
  package var tenant: String
  /// The user stores that users and groups are listed from, one by one; empty leaves that to the server.
  package var userStores: [String]

  package init(tenant: String = superTenant, userStores: [String] = []) {
    self.tenant = tenant
    self.userStores = userStores
  }
}
