/// What an SPML 2.0 provider has to be asked for.
package struct SPML2Settings: Hashable, Sendable {
  /// How the provider writes what it holds (OASIS SPML 2.0, section 2.3.2).
  package enum Profile: String, Hashable, Sendable, CaseIterable {
    /// OASIS SPML 2.0 profile for DSML v2.
    case dsml
  }

  /// The id of the target; nil is the only one there is.
  package var target: String?
  package var profile: Profile
  /// The object class of users.
  package var userClass: String
  /// The object class of groups; nil leaves groups alone.
  package var groupClass: String?

  package init(
    target: String? = nil, profile: Profile = .dsml, userClass: String = "user", groupClass: String? = nil
  ) {
    self.target = target
    self.profile = profile
    self.userClass = userClass
    self.groupClass = groupClass
  }
}
