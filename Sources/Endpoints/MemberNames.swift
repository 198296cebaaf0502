import JSON
import SCIM
import Synchronization

/// The names of the resources that were seen at an endpoint, by their ids: WSO2 Identity Server knows the members of a
/// group by their names, and refuses an id alone.
final class MemberNames: Sendable {
  private let names = Mutex<[String: String]>([:])

  /// - Parameter resource: as the endpoint wrote it, so that its names are the endpoint's own.
  func learn(_ resource: Resource, of type: ResourceType) {
    guard let name = resource[type.namingAttribute]?.string, !resource.id.isEmpty else { return }
    names.withLock { $0[resource.id] = name }
  }

  subscript(id: String) -> String? { names.withLock { $0[id] } }
}

extension SCIM1Endpoint {
  /// The body with the name of each member that it tells by id alone. A name that was not seen yet is asked for; nobody
  /// there leaves the member as it is.
  func namingMembers(in body: JSONObject) async throws(EndpointError) -> JSONObject {
    guard let elements = body["members"]?.array else { return body }
    var named: [JSONValue] = []
    for element in elements {
      guard var member = element.object, member["display"] == nil, let id = member["value"]?.string else {
        named.append(element)
        continue
      }
      member["display"] = try await memberName(id).map(JSONValue.string)
      named.append(.object(member))
    }
    var body = body
    body["members"] = .array(named)
    return body
  }

  private func memberName(_ id: String) async throws(EndpointError) -> String? {
    if let name = members[id] { return name }
    guard let users = catalog.resourceType("User") else { return nil }
    do throws(EndpointError) {
      _ = try await read(id, of: users)
    } catch {
      guard error.kind == .notFound else { throw error }
    }
    return members[id]
  }
}
