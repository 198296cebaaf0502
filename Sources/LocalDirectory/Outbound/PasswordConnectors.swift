import JSON
import SCIM

extension DirectoryReader {
  /// The names of the connectors that passwords are kept for until they are delivered: `is2/scim`.
  func passwordConnectors() throws -> [String] {
    var names: [String] = []
    try scan(ConnectorName.identityProvider, narrowedBy: nil) { provider in
      guard let name = provider.attributes["name"]?.string, provider.attributes["enabled"] != false else { return }
      for connector in provider.attributes["provisioning"]?["connectors"]?.array ?? []
      where connector["passwordProvisioning"] == true && connector["enabled"] != false {
        guard let own = connector["name"]?.string else { continue }
        names.append(ConnectorName.text(provider: name, connector: own))
      }
    }
    return names
  }
}

/// What connectors are called.
package enum ConnectorName {
  /// The resource type that has connectors.
  package static let identityProvider = "IdentityProvider"

  /// `is2/scim`: names of identity providers have no slash.
  package static func text(provider: String, connector: String) -> String { "\(provider)/\(connector)" }
}

extension ResourceWriter {
  /// Keeps a new password, sealed, for the connectors that provision passwords; nothing where there are none.
  func keepForConnectors(_ password: String, of id: String) throws {
    guard let box = secretBox else { return }
    let connectors = try transaction.passwordConnectors()
    guard !connectors.isEmpty else { return }
    try transaction.keepPassword(try box.seal(password, for: id), of: id, for: connectors)
  }
}
