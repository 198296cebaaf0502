import LocalDirectory

/// Which connectors what comes in goes to, by who asked for it.
struct ProvisioningRoutes: Hashable, Sendable {
  /// The connectors of the service provider `resident`: for all that comes in by SCIM, SOAP, sign-in, manifests and the
  /// console.
  var resident: Set<String> = []
  /// Those of applications that have a list of their own, by client identifier: for what comes in with their tokens.
  var clients: [String: Set<String>] = [:]

  /// Every connector that anything goes to.
  var connectors: Set<String> { clients.values.reduce(resident) { $0.union($1) } }

  /// The connectors for what this author asked for.
  func connectors(for author: Author) -> Set<String> {
    Principal.clientID(ofSignature: author.name).flatMap { clients[$0] } ?? resident
  }
}
