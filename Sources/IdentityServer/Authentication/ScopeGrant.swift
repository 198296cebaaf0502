import OpenID
import SCIM

/// What one scope allows. Scopes are named after resource types and what is done to them:
///
/// - `users:read`, `users:write`, `groups:read`, … `identity-providers:write`, and so for every resource type
/// - `scim:read`, `scim:write`: the same for all types
/// - `internal_user_mgt_list`, `…_view`, `…_create`, `…_update`, `…_delete` and the like, as WSO2 Identity Server has them
/// - `admin`: everything; `audit:read`: to read the audit; `tokens:introspect`: to ask what any token is worth
package struct ScopeGrant: Hashable, Sendable {
  enum Action: String, Hashable, CaseIterable, Sendable {
    case list, view, create, update, delete
  }

  package static let everything = "admin"
  static let introspection = "tokens:introspect"
  static let audit = "audit:read"
  private static let allTypes = "scim"

  /// As scopes name the resource type: `users`.
  private let types: String
  private let actions: Set<Action>

  /// nil for a scope that is not about resources.
  init?(_ scope: String) {
    if let (types, action) = Self.namesakes[scope] {
      self.types = types
      actions = [action]
      return
    }
    let parts = scope.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let actions = Self.verbs[parts[1]] else { return nil }
    types = String(parts[0])
    self.actions = actions
  }

  fileprivate func actions(on type: String) -> Set<Action> {
    types == Self.allTypes || types == Self.plural(type) ? actions : []
  }

  /// Whether the scopes allow all that this one allows.
  fileprivate func isWithin(_ scopes: Scopes) -> Bool {
    let granted = scopes.names.compactMap(ScopeGrant.init).filter { $0.types == Self.allTypes || $0.types == types }
    return actions.isSubset(of: granted.reduce(into: []) { $0.formUnion($1.actions) })
  }

  /// The scopes that mean something to a server with this catalog, WSO2's spellings left out.
  package static func names(for catalog: SchemaCatalog) -> [String] {
    let types = [allTypes] + catalog.resourceTypes.map { plural($0.name) }
    return [everything] + types.flatMap { ["\($0):read", "\($0):write"] } + [introspection, audit]
  }

  /// Whether the scope means something to such a server.
  package static func isKnown(_ scope: String, to catalog: SchemaCatalog) -> Bool {
    namesakes[scope] != nil || names(for: catalog).contains(scope)
  }

  /// `IdentityProvider` becomes `identity-providers`.
  private static func plural(_ type: String) -> String {
    let words = type.reduce(into: "") { text, character in
      if character.isUppercase, !text.isEmpty { text += "-" }
      text += character.lowercased()
    }
    return words + "s"
  }

  private static let verbs: [Substring: Set<Action>] = [
    "read": [.list, .view], "write": [.create, .update, .delete],
  ]

  private static let namesakes: [String: (types: String, action: Action)] = {
    let areas = [
      "user_mgt": "users", "group_mgt": "groups", "role_mgt": "roles", "application_mgt": "service-providers",
      "idp": "identity-providers",
    ]
    let pairs = areas.flatMap { area, types in
      Action.allCases.map { ("internal_\(area)_\($0.rawValue)", (types, $0)) }
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }()
}

extension Scopes {
  /// Whether all of this may be done to resources of the type.
  func allow(_ actions: Set<ScopeGrant.Action>, _ type: String) -> Bool {
    let granted = names.compactMap(ScopeGrant.init)
    return actions.isSubset(of: granted.reduce(into: []) { $0.formUnion($1.actions(on: type)) })
  }

  /// Those of the wanted scopes that are among these, or allow no more than these do.
  func granting(_ wanted: Scopes) -> Scopes {
    wanted.filter { name in
      contains(name) || contains(ScopeGrant.everything) || ScopeGrant(name)?.isWithin(self) == true
    }
  }

  /// What a token with these scopes may do.
  var rights: Principal.Rights { contains(ScopeGrant.everything) ? .everything : .scoped(self) }
}
