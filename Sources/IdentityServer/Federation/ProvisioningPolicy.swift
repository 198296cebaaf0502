import JSON
import LocalDirectory

/// What becomes of the account here when somebody signs in elsewhere.
struct ProvisioningPolicy: Hashable, Sendable {
  /// What a new user is asked.
  enum Prompt: String, Sendable {
    /// Nothing: the account is made silently.
    case none
    /// Whether the account may be made.
    case consent
    /// That, and a name for it.
    case username
    /// That, and a password for it.
    case password
  }

  /// What becomes of mapped attributes at later sign-ins.
  enum AttributeSync: String, Sendable {
    /// They are as the provider says; what it no longer says is removed.
    case overrideAll
    /// They are as the provider says; what it does not say stays.
    case preserveLocal
    /// They stay.
    case none
  }

  /// What becomes of roles and groups at later sign-ins.
  enum RoleSync: String, Sendable {
    /// What the provider gives comes to what there is.
    case merge
    /// What the provider gives is all there is.
    case override
    /// They stay.
    case none
  }

  /// By what an account that is here already may be given to somebody.
  enum Association: String, Sendable {
    case none
    /// The provider vouches for an e-mail address that one user here has whom no provider vouches for yet.
    case verifiedEmail
    /// One user here has the provider's `sub` as the externalId.
    case externalId
  }

  /// Whether accounts are made and kept up.
  let isEnabled: Bool
  /// nil leaves the domain to the name.
  let userStoreDomain: String?
  let prompt: Prompt
  let attributeSync: AttributeSync
  let roleSync: RoleSync
  let association: Association

  init(_ json: JSONValue?) {
    isEnabled = json?["enabled"]?.bool ?? false
    userStoreDomain = json?["userStoreDomain"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    prompt = json?["prompt"]?.string.flatMap(Prompt.init) ?? .none
    attributeSync = json?["attributeSync"]?.string.flatMap(AttributeSync.init) ?? .overrideAll
    roleSync = json?["roleSync"]?.string.flatMap(RoleSync.init) ?? .merge
    association = json?["association"]?.string.flatMap(Association.init) ?? .none
  }

  /// The name that an account gets for a name elsewhere; nil when it cannot be one here.
  ///
  /// The configured domain takes the place of any that the name tells (as in WSO2 Identity Server), so that nobody gets
  /// into another user store by being called so.
  func accountName(_ name: String) -> String? {
    guard name.utf8.count <= Self.longestName, let name = AccountName.chosen(name) else { return nil }
    guard let userStoreDomain else { return UserStoreDomain.kept(name) }
    let moved = UserStoreDomain.kept(UserStoreDomain.moved(name, to: userStoreDomain))
    let isPrimary = userStoreDomain.uppercased() == UserStoreDomain.primary
    return moved.isEmpty || (isPrimary && moved.contains("/")) ? nil : moved
  }

  /// In bytes.
  private static let longestName = 512
}
