import HTTPTypes
import SCIM

extension Principal {
  /// Whether the principal may send such a request. What the service says of itself is for everybody who is known.
  func may(_ method: HTTPRequest.Method, _ route: Route) -> Bool {
    let access = method == .get ? Access.read : .write
    return switch route {
    case .serviceProviderConfig, .schemas, .resourceTypes: true
    case .me: may(access, "User", id: userID)
    case .resource(let type, let id): may(access, type.name, id: id)
    case .resources(let type): may(access, type.name)
    case .search(let type): may(.read, type.name)
    }
  }
}
