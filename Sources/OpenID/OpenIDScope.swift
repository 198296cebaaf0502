/// The scopes of OpenID Connect (Core section 5.4) and ours beside them: what a client learns about the user.
package enum OpenIDScope: String, CaseIterable, Sendable {
  /// That there is a sign-in at all.
  case openid
  case profile
  case email
  case phone
  case address
  /// The names of the user's groups.
  case groups
  /// The names of the user's roles.
  case roles
  /// A refresh token (Core section 11).
  case offlineAccess = "offline_access"

  /// What consent is asked for, as a sentence for people; nil for what every sign-in tells.
  package var request: String? {
    switch self {
    case .openid: nil
    case .profile: "See your name and what is in your profile"
    case .email: "See your e-mail address"
    case .phone: "See your telephone number"
    case .address: "See your postal address"
    case .groups: "See which groups you are in"
    case .roles: "See which roles you have"
    case .offlineAccess: "Stay signed in for you while you are away"
    }
  }
}

extension Scopes {
  package func contains(_ scope: OpenIDScope) -> Bool { contains(scope.rawValue) }

  /// Whether all of the others are among these.
  package func isSuperset(of others: Scopes) -> Bool { others.names.allSatisfy(contains) }

  /// These and the others.
  package func union(_ others: Scopes) -> Scopes {
    var result = self
    result.insert(others.names)
    return result
  }
}
