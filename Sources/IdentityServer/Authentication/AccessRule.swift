import HTTPTypes
import SCIM

extension Principal {
  /// Administrators may do everything; anyone else may read what the service is, and themselves.
  func may(_ method: HTTPRequest.Method, _ route: Route) -> Bool {
    if isAdministrator { return true }
    guard method == .get else { return false }
    switch route {
    case .serviceProviderConfig, .schemas, .resourceTypes, .me: return true
    case .resource(let type, let id): return type.name == "User" && id == userID
    case .resources, .search: return false
    }
  }
}
