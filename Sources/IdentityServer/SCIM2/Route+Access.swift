import HTTPTypes
import SCIM

extension Access {
  /// What a method does to what it is sent to.
  init(_ method: HTTPRequest.Method) {
    switch method {
    case .get: self = .read
    case .post: self = .create
    case .put, .patch: self = .update
    case .delete: self = .delete
    default: self = .write
    }
  }
}

extension Principal {
  /// Whether the principal may send such a request. What the service says of itself is for everybody who is known.
  func may(_ method: HTTPRequest.Method, _ route: Route) -> Bool {
    let access = Access(method)
    return switch route {
    // What may be read, and what each operation may do, is asked once that is known.
    case .serviceProviderConfig, .schemas, .resourceTypes, .root, .rootSearch, .bulk: true
    case .me: may(access, "User", id: userID)
    case .resource(let type, let id): may(access, type.name, id: id)
    case .resources(let type): may(access, type.name)
    case .search(let type): may(.read, type.name)
    }
  }
}
