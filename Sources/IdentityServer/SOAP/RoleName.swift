import JSON
import SCIM

/// What this service calls a role, and which resource that is: `Internal/pilots` and `Application/crm` are Role
/// resources, every other name is that of a Group, with its user store before it unless that is the primary one.
///
/// A Role is listed with `Internal/` unless its own name begins with one of the two, and is found by either spelling.
/// `Internal/everyone` is the role that every user has: it is no resource, so it can be listed and asked for, but not
/// changed.
struct RoleName: Hashable, Sendable {
  static let everyone = RoleName("Internal/everyone")

  private static let internalPrefix = "Internal/"
  private static let applicationPrefix = "Application/"

  /// As the caller has it.
  let text: String

  init(_ text: String) { self.text = text }

  /// The name of a Group or Role as this service tells it.
  init(of resource: Resource, kind: String) {
    self.init(displayName: resource.displayName ?? resource.id, kind: kind)
  }

  init(displayName: String, kind: String) {
    let isWhole = kind != "Role" || Self.isRole(displayName)
    text = isWhole ? displayName : Self.internalPrefix + displayName
  }

  /// The name of the resource type.
  var kind: String { Self.isRole(text) ? "Role" : "Group" }

  var isEveryone: Bool { text.lowercased() == Self.everyone.text.lowercased() }

  /// The display names that a resource of this name may have, the likelier first.
  var displayNames: [String] {
    guard Self.has(text, Self.internalPrefix) else { return [text] }
    return [String(text.dropFirst(Self.internalPrefix.count)), text]
  }

  /// Whether anything is left of the name without its prefix.
  var isBlank: Bool { displayNames[0].allSatisfy(\.isWhitespace) }

  private static func isRole(_ name: String) -> Bool {
    has(name, internalPrefix) || has(name, applicationPrefix)
  }

  private static func has(_ name: String, _ prefix: String) -> Bool {
    name.prefix(prefix.count).lowercased() == prefix.lowercased()
  }
}

extension RoleName {
  /// The roles that a user has been given, not those that follow from a group within a group.
  static func direct(of user: Resource) -> [RoleName] {
    [everyone] + names(in: user["groups"], kind: "Group") + names(in: user["roles"], kind: "Role")
  }

  static func names(in references: JSONValue?, kind: String) -> [RoleName] {
    (references?.array ?? []).compactMap { reference in
      guard reference["type"]?.string != "indirect" else { return nil }
      return reference["display"]?.string.map { RoleName(displayName: $0, kind: kind) }
    }
  }
}
