import JSON
import OpenID
import SCIM

/// A kind of resources as the console shows it: the same pages for all, with these differences.
struct ConsoleKind: Hashable, Sendable {
  /// The name of the resource type: `User`.
  let type: String
  /// The segment of the path: `users`.
  let slug: String
  /// For people, of many: `Users`.
  let title: String
  /// For people, of one: `user`.
  let noun: String
  /// What people tell one from another by.
  let nameTitle: String
  /// What a search looks into.
  let searched: [AttributePath]
  /// What a list shows behind the name.
  let columns: [ListColumn]
  /// What its forms ask for.
  let form: FormLayout

  var path: String { "\(ConsoleService.path)/\(slug)" }

  func path(_ id: String, _ action: ConsoleRoute.Action = .view) -> String {
    let base = "\(path)/\(FormEncoding.encoded(id))"
    return action == .view ? base : "\(base)/\(action.rawValue)"
  }

  /// The page on which one is made.
  var creationPath: String { "\(path)/new" }

  /// `a user`, `an identity provider`.
  var nounWithArticle: String { ("aeio".contains(noun.prefix(1)) ? "an " : "a ") + noun }

  /// Whether others are members of such resources.
  var holdsMembers: Bool { self == .groups || self == .roles }

  static func == (a: ConsoleKind, b: ConsoleKind) -> Bool { a.type == b.type }
  func hash(into hasher: inout Hasher) { hasher.combine(type) }
}

extension ConsoleKind {
  /// In the order of the navigation.
  static let all = [users, groups, roles, identityProviders, serviceProviders]

  /// The kind of the resources of a type; nil when the console shows none.
  static func named(_ type: String) -> ConsoleKind? { all.first { $0.type == type } }

  static let users = ConsoleKind(
    type: "User", slug: "users", title: "Users", noun: "user", nameTitle: "User name",
    searched: [
      AttributePath("userName"), AttributePath("displayName"), AttributePath("name", sub: "givenName"),
      AttributePath("name", sub: "familyName"), AttributePath("emails", sub: "value"),
    ],
    columns: [.fullName, .email, .activity, .lastModified],
    form: .listed([
      .init("Account", ["userName", "active"]),
      .init("Name", ["name.givenName", "name.familyName", "displayName", "title"]),
      .init("Contact", ["emails", "phoneNumbers"], parts: ["value", "type", "primary"]),
      .init("Details", ["userType", "preferredLanguage", "locale", "timezone", "externalId"]),
    ]))

  static let groups = ConsoleKind(
    type: "Group", slug: "groups", title: "Groups", noun: "group", nameTitle: "Name",
    searched: [AttributePath("displayName")],
    columns: [.created, .lastModified], form: .listed([.init("Group", ["displayName", "externalId"])]))

  static let roles = ConsoleKind(
    type: "Role", slug: "roles", title: "Roles", noun: "role", nameTitle: "Name",
    searched: [AttributePath("displayName")],
    columns: [.permissions, .lastModified],
    form: .listed([.init("Role", ["displayName", "permissions", "externalId"])]))

  static let identityProviders = ConsoleKind(
    type: "IdentityProvider", slug: "identity-providers", title: "Identity providers", noun: "identity provider",
    nameTitle: "Name",
    searched: [AttributePath("name"), AttributePath("displayName")],
    columns: [.displayName, .connectors, .enablement, .lastModified], form: .wholeSchema)

  static let serviceProviders = ConsoleKind(
    type: "ServiceProvider", slug: "service-providers", title: "Service providers", noun: "service provider",
    nameTitle: "Name",
    searched: [AttributePath("name"), AttributePath("displayName")],
    columns: [.displayName, .clientID, .lastModified], form: .wholeSchema)
}
