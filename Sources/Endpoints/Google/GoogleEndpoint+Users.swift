import JSON
import NIOHTTP1
import SCIM
import Synchronization

extension GoogleEndpoint {
  /// Users whose manager comes on a later page are told with the last one, when everybody was seen.
  func userPage(at token: String?) async throws(EndpointError) -> ResourcePage {
    var token = token
    if token == nil { heldBack.withLock { $0 = [] } }
    while true {
      let parameters = scope + [("maxResults", "500"), ("projection", "full")]
      let page = try await list(GoogleAddress.users, "users", parameters, token)
      page.entries.forEach(knowledge.learn)
      token = page.next
      let (told, held) = split(page.entries, isLast: page.next == nil)
      heldBack.withLock { $0 = held }
      if !told.isEmpty || page.next == nil {
        return ResourcePage(
          resources: told.map(decoded), totalResults: nil, next: page.next.map(PagePosition.cursor), endIsCertain: true)
      }
    }
  }

  private func split(_ page: [JSONObject], isLast: Bool) -> (told: [JSONObject], held: [JSONObject]) {
    let waiting = heldBack.withLock { $0 }
    guard !isLast else { return (page + waiting, []) }
    var told: [JSONObject] = []
    var held = waiting
    for user in page {
      let manager = GoogleUserMapping.managerAddress(user)
      if manager.map({ knowledge.id(of: $0) == nil }) ?? false { held.append(user) } else { told.append(user) }
    }
    return (told, held)
  }

  func decoded(_ user: JSONObject) -> Resource { GoogleUserMapping.resource(user, manager: knowledge.id) }

  /// Users that did not come with everybody else: a manager who was not seen yet is asked for.
  func users(_ entries: [JSONObject]) async throws(EndpointError) -> [Resource] {
    entries.forEach(knowledge.learn)
    for address in Set(entries.compactMap(GoogleUserMapping.managerAddress)).sorted()
    where knowledge.id(of: address) == nil {
      do throws(EndpointError) {
        _ = try await read(address)
      } catch {
        guard [.notFound, .rejected, .forbidden].contains(error.kind) else { throw error }
      }
    }
    return entries.map(decoded)
  }

  /// One user, by id or address.
  func user(_ key: String) async throws(EndpointError) -> Resource {
    let raw = try await read(key)
    return try await users([raw])[0]
  }

  /// One user as Google tells it.
  func read(_ key: String) async throws(EndpointError) -> JSONObject {
    let target = try GoogleAddress.user(key) + SCIM2Address.query([("projection", "full")])
    guard let user = try await send(EndpointRequest(.GET, target)), user["id"]?.string?.isEmpty == false else {
      throw EndpointError(.malformed, "Google answered without the user")
    }
    knowledge.learn(user)
    return user
  }
}
