/// What access tokens for the Directory API are good for (OAuth 2.0 scopes of Google).
enum GoogleScope {
  private static let prefix = "https://www.googleapis.com/auth/admin.directory."

  /// Users, groups and their members.
  static let accounts = ["user", "group", "group.member"].map { prefix + $0 }
  /// Administrators' roles: asked for only where a role is, so that who manages none need not allow it.
  static let roles = [prefix + "rolemanagement"]
}

extension AccessTokenGrant {
  /// The same right, for tokens that are good for something else.
  func asking(for scopes: [String]) -> AccessTokenGrant {
    var grant = self
    switch proof {
    case .clientCredentials: grant.scopes = scopes
    case .assertion(var assertion):
      assertion.scopes = scopes
      grant.proof = .assertion(assertion)
    }
    return grant
  }
}
