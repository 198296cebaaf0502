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
}
