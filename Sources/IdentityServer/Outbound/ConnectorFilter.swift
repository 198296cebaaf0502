import JSON
import LocalDirectory
import SCIM

/// Which users and groups a connector provisions: judged by what they are now, not by how they became so.
struct ConnectorFilter: Sendable {
  /// A user has one of these roles; empty asks for none.
  var roles: Set<String> = []
  /// A user is in one of these groups, and a group is one of them; empty asks for none.
  var groups: Set<String> = []
  /// What a user matches, all of them.
  var rules: [Filter] = []

  /// - Throws: ``ConnectorProblem`` for a rule that is no filter.
  init(_ connector: JSONValue) throws(ConnectorProblem) {
    roles = Self.names(connector["roles"])
    groups = Self.names(connector["groups"])
    for rule in connector["rules"]?.array?.compactMap(\.string) ?? [] {
      do {
        rules.append(try Filter(parsing: rule))
      } catch {
        throw ConnectorProblem("the rule \"\(rule)\" is no filter: \(error.detail)")
      }
    }
  }

  /// Whether memberships decide who is taken, so that a change of a group or role concerns its members too.
  var readsMemberships: Bool { !roles.isEmpty || !groups.isEmpty }

  /// - Parameter resource: with the groups and roles of a user.
  func takes(_ resource: Resource, as type: ResourceType, _ catalog: SchemaCatalog) -> Bool {
    switch type.name {
    case "User":
      return Self.names(resource["roles"], areAmong: roles) && Self.names(resource["groups"], areAmong: groups)
        && rules.allSatisfy { $0.matches(resource.attributes, type: type, catalog: catalog) }
    case "Group": return groups.isEmpty || resource.displayName.map(Self.kept).map(groups.contains) == true
    default: return true
    }
  }

  private static func names(_ value: JSONValue?) -> Set<String> {
    Set((value?.array ?? []).compactMap(\.string).map(kept))
  }

  /// Whether one of the references names one of these; true when nothing is asked for.
  private static func names(_ references: JSONValue?, areAmong wanted: Set<String>) -> Bool {
    wanted.isEmpty
      || (references?.array ?? []).contains { $0["display"]?.string.map(kept).map(wanted.contains) == true }
  }

  /// Names of the primary user store with and without its domain are one, in any case.
  private static func kept(_ name: String) -> String { UserStoreDomain.kept(name).lowercased() }
}
