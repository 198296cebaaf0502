import JSON
import LocalDirectory
import SCIM

/// How the roles that an identity provider tells become roles and groups here.
struct RoleMapping: Hashable, Sendable {
  /// The claim that lists them; nil when none does.
  let claim: String?
  /// The names here of each name there.
  private let names: [ExactText: [String]]

  /// - Parameter provider: the identity provider.
  init(_ provider: Resource) {
    claim = provider["claims"]?["roles"]?.string
    var names: [ExactText: [String]] = [:]
    for rule in provider["roles"]?["mapping"]?.array ?? [] {
      guard let remote = rule["remote"]?.string, let local = rule["local"]?.string else { continue }
      names[ExactText(remote), default: []].append(local)
    }
    self.names = names
  }

  /// The names of the roles and groups here that the claims give, each once.
  func names(_ claims: JSONObject) -> [String] {
    guard let claim, let value = claims.claim(claim) else { return [] }
    // WSO2 Identity Server writes several in one text.
    let told = value.array?.compactMap(\.string) ?? value.string?.split(separator: ",").map(String.init) ?? []
    var seen: Set<String> = []
    return told.flatMap { names[ExactText($0)] ?? [] }.filter { seen.insert($0).inserted }
  }
}

extension Directory {
  /// The role of this name, or else the group; nil when there is neither.
  func place(named name: String) async throws -> Placement? {
    for type in ["Role", "Group"].compactMap(catalog.resourceType) {
      let filter = Filter.compare(AttributePath("displayName"), .equal, .string(name))
      let found = try await list(
        type: type, ListQuery(filter: filter, count: 1, attributes: [AttributePath("displayName")]))
      if let place = found.resources.first { return Placement(type: type, id: place.id) }
    }
    return nil
  }
}
