import JSON
import NIOHTTP1
import Reconciliation
import SCIM

extension GoogleEndpoint {
  package func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    try await page(of: type, at: position, interest: .all)
  }

  package func page(
    of type: ResourceType, at position: PagePosition?, interest: ListingInterest
  ) async throws(EndpointError) -> ResourcePage {
    let token: String?
    switch position {
    case nil: token = nil
    case .cursor(let cursor)?: token = cursor
    case .index?: throw EndpointError(.rejected, "Google's lists are read by page tokens")
    }
    switch type.name {
    case "User": return try await userPage(at: token)
    case "Group": return try await groupPage(at: token, interest)
    case "Role": return try await rolePage(at: token)
    default: throw unknown(type)
    }
  }

  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    do throws(EndpointError) {
      switch type.name {
      case "User": return try await user(id)
      case "Group": return try await group(id)
      case "Role": return try await role(id)
      default: throw unknown(type)
      }
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  /// By name straight from the account, which a create is seen in at once; by external id through Google's search, which
  /// lags behind. Nothing else can be searched for.
  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    let found: [Resource]
    switch (type.name, attribute) {
    case ("User", "userName"): found = try await existing { () throws(EndpointError) in try await user(value) }
    case ("User", "externalId"):
      let query = "externalId='\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
      let list = try await list(GoogleAddress.users, "users", scope + [("query", query), ("projection", "full")], nil)
      found = try await users(list.entries)
    case ("Group", "displayName"):
      guard let address = try? GoogleGroupMapping.address(of: value, domain: domain) else { return [] }
      found = try await existing { () throws(EndpointError) in try await group(address) }
    default: return []
    }
    let filter = Filter.compare(AttributePath(attribute), .equal, .string(value))
    return found.filter { filter.matches($0.attributes, type: type, catalog: catalog) }
  }

  /// One page of a list of Google's.
  /// - Parameters:
  ///   - entries: the member of the answer that holds them; left out when there are none.
  ///   - token: of the page; nil is the first.
  func list(
    _ target: String, _ entries: String, _ parameters: [(name: String, value: String)], _ token: String?
  ) async throws(EndpointError) -> (entries: [JSONObject], next: String?) {
    let position = token.map { [(name: "pageToken", value: $0)] } ?? []
    let request = EndpointRequest(.GET, target + SCIM2Address.query(parameters + position))
    guard let answer = try await send(request), answer["error"] == nil else {
      throw EndpointError(.malformed, "Google answered a list without a body")
    }
    let found = answer[entries]?.array ?? []
    guard answer[entries].map({ $0.array != nil || $0.isNull }) ?? true, found.allSatisfy({ $0.object != nil }) else {
      throw EndpointError(.malformed, "Google answered something that is no list of \(entries)")
    }
    let next = answer["nextPageToken"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    guard next == nil || next != token else {
      throw EndpointError(.malformed, "Google named the page that it had just brought as the next one")
    }
    return (found.compactMap(\.object), next)
  }

  /// The part of the account that is looked after.
  var scope: [(name: String, value: String)] {
    settings.domain.map { [(name: "domain", value: $0)] } ?? [(name: "customer", value: settings.customer)]
  }

  /// What a name leads to; nothing when nobody has it, or nobody can.
  private func existing(
    _ read: () async throws(EndpointError) -> Resource
  ) async throws(EndpointError) -> [Resource] {
    do throws(EndpointError) {
      return [try await read()]
    } catch {
      guard [.notFound, .rejected].contains(error.kind) else { throw error }
      return []
    }
  }
}
