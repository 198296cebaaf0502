import JSON
import LocalDirectory
import SCIM

/// Who may do everything: the users with these names, and whoever has the role, directly or through a group.
package struct Administrators: Sendable {
  private let userNames: Set<String>
  private let role: String

  /// - Parameters:
  ///   - userNames: compared without regard to case, as RFC 7643 section 4.1.1 has it for `userName`; of the primary user
  ///     store with or without its domain.
  ///   - role: the display name of a role.
  package init(userNames: Set<String> = ["admin"], role: String = "admin") {
    self.userNames = Set(userNames.map { UserStoreDomain.kept($0).lowercased() })
    self.role = role
  }

  /// Whether rights go by this name alone.
  func names(_ userName: String) -> Bool { userNames.contains(UserStoreDomain.kept(userName).lowercased()) }

  func contains(_ user: Resource) -> Bool {
    if let name = user.userName, userNames.contains(name.lowercased()) { return true }
    return user["roles"]?.array?.contains { $0["display"]?.string == role } ?? false
  }

  /// What must be read of a user to tell.
  static let projection = Projection(attributes: [
    AttributePath("userName"), AttributePath("roles"), AttributePath("meta"),
  ])
}
