/// What a document can describe.
enum ManifestKind: String, CaseIterable {
  case user = "User"
  case group = "Group"
  case role = "Role"
  case endpoint = "Endpoint"
  case identityProvider = "IdentityProvider"
  case serviceProvider = "ServiceProvider"
  case resource = "Resource"
  case schema = "Schema"
  case overlay = "Overlay"
  case policy = "Policy"
  case notification = "Notification"

  /// Whether this version does something with such a document.
  var isSupported: Bool {
    switch self {
    case .user, .group, .role, .endpoint, .identityProvider, .serviceProvider, .resource, .schema, .policy, .overlay:
      true
    case .notification: false
    }
  }

  static let supported = allCases.filter(\.isSupported)
}
