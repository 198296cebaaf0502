import SCIM

/// A collection of the management API: what is in it is few, listed by name and read one by one.
enum WSO2Collection: Sendable {
  case identityProviders, applications

  /// Below the address of the API.
  var path: String {
    switch self {
    case .identityProviders: "/identity-providers"
    case .applications: "/applications"
    }
  }

  /// The member of a listing that holds its entries.
  var entries: String {
    switch self {
    case .identityProviders: "identityProviders"
    case .applications: "applications"
    }
  }

  /// The names of what the server has of its own, which nobody is to touch.
  var ownNames: Set<String> {
    switch self {
    case .identityProviders: ["LOCAL"]
    case .applications: ["Console", "My Account", "User Portal", "wso2carbon-local-sp"]
    }
  }

  /// The address of one of its resources.
  func target(_ id: String) -> String { "\(path)/\(SCIM2Address.encode(id))" }
}

extension ResourceType {
  /// The collection of the management API that its resources are in; nil for what is found in SCIM.
  var managedCollection: WSO2Collection? {
    switch schema {
    case SchemaURN.identityProvider: .identityProviders
    case SchemaURN.serviceProvider: .applications
    default: nil
    }
  }
}
