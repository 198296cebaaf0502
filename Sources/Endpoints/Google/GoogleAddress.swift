import SCIM

/// Where resources are in the Directory API, below its base address.
enum GoogleAddress {
  static let users = "/users"
  static let groups = "/groups"

  static func user(_ key: String) throws(EndpointError) -> String { try "\(users)/\(encoded(key))" }
  static func aliases(of user: String) throws(EndpointError) -> String { try "\(self.user(user))/aliases" }
  static func group(_ key: String) throws(EndpointError) -> String { try "\(groups)/\(encoded(key))" }
  static func members(of group: String) throws(EndpointError) -> String { try "\(self.group(group))/members" }
  static func roles(_ customer: String) throws(EndpointError) -> String { try "/customer/\(encoded(customer))/roles" }

  static func roleAssignments(_ customer: String) throws(EndpointError) -> String {
    try "/customer/\(encoded(customer))/roleassignments"
  }

  static func item(_ key: String, in collection: String) throws(EndpointError) -> String {
    try "\(collection)/\(encoded(key))"
  }

  /// - Throws: `rejected` for a key that would lead elsewhere.
  private static func encoded(_ key: String) throws(EndpointError) -> String {
    guard !["", ".", ".."].contains(key) else {
      throw EndpointError(.rejected, "what has the key '\(key)' cannot be addressed")
    }
    return SCIM2Address.encode(key)
  }
}
