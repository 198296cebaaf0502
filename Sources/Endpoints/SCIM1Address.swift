import SCIM

/// Where a SCIM 1.1 service has its resources: each collection has an address of its own.
struct SCIM1Address: Hashable, Sendable {
  private let users: SCIM2Address
  private let groups: SCIM2Address?

  /// - Throws: `misconfigured` for what is no plain http(s) address, and for plain HTTP where it is not allowed.
  init(_ configuration: SCIM1Configuration) throws(EndpointError) {
    let allowsPlaintext = configuration.allowsPlaintext
    users = try SCIM2Address(configuration.userEndpoint, allowsPlaintext: allowsPlaintext, field: "userEndpoint")
    groups =
      if let address = configuration.groupEndpoint {
        try SCIM2Address(address, allowsPlaintext: allowsPlaintext, field: "groupEndpoint")
      } else { nil }
  }

  /// The names of the resource types that the service is asked for.
  var typeNames: [String] { groups == nil ? ["User"] : ["User", "Group"] }

  /// - Throws: `rejected` for a type that has no address.
  func collection(_ type: ResourceType) throws(EndpointError) -> String {
    switch (type.name, groups) {
    case ("User", _): return users.base
    case ("Group", let groups?): return groups.base
    default: throw EndpointError(.rejected, "the endpoint has no address for resources of type \(type.name)")
    }
  }

  /// Where the resource with this id is; an id may be any string.
  func resource(_ id: String, of type: ResourceType) throws(EndpointError) -> String {
    guard !["", ".", ".."].contains(id) else {
      throw EndpointError(.rejected, "a \(type.name) with the id '\(id)' cannot be addressed")
    }
    return try collection(type) + "/" + SCIM2Address.encode(id)
  }

  /// Where the service describes itself (SCIM 1.1 core schema, section 9): beside the users; nil when these have an
  /// address that says nothing of the service.
  var configuration: String? {
    guard users.base.lowercased().hasSuffix("/users") else { return nil }
    return users.base.dropLast("Users".count) + "ServiceProviderConfigs"
  }
}
