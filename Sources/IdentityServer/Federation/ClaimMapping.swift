import JSON
import OpenID
import SCIM

/// How the claims of an identity provider become attributes of a user.
struct ClaimMapping: Sendable {
  struct Rule: Sendable {
    /// The name of the claim; of a part of one with dots: `address.locality`.
    let claim: String
    let path: AttributePath
    let attribute: Attribute
  }

  /// The claim that names a new user.
  let userID: String
  let rules: [Rule]
  /// Whether the rules are the administrator's own, rather than the usual ones of OpenID Connect.
  let isChosen: Bool
  private let type: ResourceType
  private let catalog: SchemaCatalog

  /// OpenID Connect Core section 5.1.
  private static let standard = [
    ("given_name", "name.givenName"), ("family_name", "name.familyName"), ("middle_name", "name.middleName"),
    ("name", "displayName"), ("nickname", "nickName"), ("email", "emails[type eq \"work\"].value"),
    ("phone_number", "phoneNumbers[type eq \"work\"].value"), ("profile", "profileUrl"), ("locale", "locale"),
    ("zoneinfo", "timezone"),
  ]

  /// What sign-ins go by, so that no claim of another's may set it.
  private static let reserved: Set = ["id", "schemas", "meta", "username", "password", "active", "groups", "roles"]

  /// - Parameter json: `claims` of the identity provider.
  /// - Throws: ``FederationError`` misconfigured for a rule that leads to no attribute.
  init(_ json: JSONValue?, _ catalog: SchemaCatalog) throws(FederationError) {
    guard let users = catalog.resourceType("User") else {
      throw FederationError(.misconfigured, "this directory holds no users")
    }
    type = users
    self.catalog = catalog
    userID = json?["userId"]?.string ?? "sub"
    let chosen = (json?["mapping"]?.array ?? []).compactMap { rule in
      rule["remote"]?.string.flatMap { remote in rule["local"]?.string.map { (remote, $0) } }
    }
    isChosen = !chosen.isEmpty
    var rules: [Rule] = []
    for (claim, local) in isChosen ? chosen : Self.standard {
      rules.append(try Self.rule(claim, local, users, catalog))
    }
    self.rules = rules
  }

  /// All claims that are looked at.
  var claims: Set<String> { Set(rules.map(\.claim) + [userID]) }

  /// The attributes that the claims give a new user.
  /// - Throws: `SCIMError` for a claim that does not fit its attribute.
  func attributes(_ claims: JSONObject) throws(SCIMError) -> JSONObject {
    let operations = rules.compactMap { rule in claims.claim(rule.claim).flatMap(rule.setting) }
    var attributes = try ResourcePatcher(type: type, catalog: catalog).applying(operations, to: [:])
    attributes["schemas"] = nil
    return attributes
  }

  /// What the claims change of a user; empty when everything is so already.
  /// - Parameter removing: whether attributes go whose claims are missing. Only those of chosen rules do: that one of the
  ///   usual claims is not told says nothing.
  /// - Throws: `SCIMError` for a claim that does not fit its attribute.
  func changes(of user: Resource, _ claims: JSONObject, removing: Bool) throws(SCIMError) -> [PatchOperation] {
    let missing = rules.filter { rule in
      claims.claim(rule.claim) == nil && !rule.path.values(in: user.attributes, type: type).isEmpty
    }
    let removals = removing && isChosen ? missing.map { $0.removing(with: missing, from: user) } : []
    let operations = rules.compactMap { rule in claims.claim(rule.claim).flatMap(rule.setting) } + removals
    var after = try ResourcePatcher(type: type, catalog: catalog).applying(operations, to: user.attributes)
    after["schemas"] = user["schemas"]
    return after == user.attributes ? [] : operations
  }

  private static func rule(
    _ claim: String, _ local: String, _ users: ResourceType, _ catalog: SchemaCatalog
  ) throws(FederationError) -> Rule {
    guard let path = try? AttributePath(parsing: local),
      let attribute = path.resolveParent(in: users, catalog: catalog), path.resolve(in: users, catalog: catalog) != nil
    else { throw FederationError(.misconfigured, "claims.mapping: users have no attribute \(local)") }
    let isCore = path.schema.map { $0.lowercased() == users.schema.lowercased() } ?? true
    guard attribute.mutability != .readOnly, !isCore || !reserved.contains(path.attribute.lowercased()) else {
      throw FederationError(.misconfigured, "claims.mapping: no claim may set \(local)")
    }
    return Rule(claim: claim, path: path, attribute: attribute)
  }
}

extension ClaimMapping.Rule {
  /// The operation that writes the value; nil for a value of which nothing can be made.
  fileprivate func setting(_ value: JSONValue) -> PatchOperation? {
    let isWhole = path.valueFilter == nil && path.subAttribute == nil
    guard attribute.isMultiValued, isWhole else {
      // One claim of several values says first what it means most.
      guard let single = value.array.map(\.first) ?? value else { return nil }
      // An element that the filter would find is made where there is none.
      return PatchOperation(attribute.isMultiValued ? .add : .replace, path, value: single.asText)
    }
    let elements = (value.array ?? [value]).map { element in
      attribute.type == .complex && element.object == nil ? ["value": element.asText] : element
    }
    return PatchOperation(.replace, path, value: .array(elements))
  }

  /// - Parameter others: the rules whose attributes go too.
  fileprivate func removing(with others: [Self], from user: Resource) -> PatchOperation {
    guard path.valueFilter != nil, path.subAttribute != nil else { return PatchOperation(.remove, path) }
    var element = path
    element.subAttribute = nil
    // What is left of a value without all that it says goes too: an address of type work and nothing else.
    let going = others.filter { $0.path.attribute == path.attribute && $0.path.valueFilter == path.valueFilter }
    let parts = Set(going.compactMap(\.path.subAttribute) + ["type", "primary", "display"])
    let keys = element.values(in: user.attributes).flatMap { $0.object?.keys ?? [] }
    return PatchOperation(.remove, parts.isSuperset(of: keys) ? element : path)
  }
}

extension JSONObject {
  /// The claim of this name, or the part of one; nil when it is missing or empty.
  func claim(_ name: String) -> JSONValue? {
    let parts = name.split(separator: ".").map(String.init)
    let nested = parts.dropFirst().reduce(parts.first.flatMap { self[$0] }) { $0?[$1] }
    guard let value = self[name] ?? nested, !value.isNull, value.string?.isEmpty != true, value.array?.isEmpty != true
    else { return nil }
    return value
  }
}

extension JSONValue {
  /// Numbers as attributes of text have them.
  fileprivate var asText: JSONValue { if case .number(let number) = self { .string(number.literal) } else { self } }
}
