import HTTPTypes
import HummingbirdCore
import LocalDirectory
import SCIM

extension Principal {
  /// Whether this is a user's own path: what it may change there is looked at with the change.
  func asksAboutItself(_ route: Route) -> Bool { route == .me && rights == .itself }
}

extension SCIMService {
  /// `/Me` (RFC 7644 section 3.11): whatever the answer is, it tells where the user is to be found; only a 304 does not,
  /// see ``Response/notModified``.
  func respondAtMe(_ request: SCIMRequest) async throws -> Response {
    guard let id = request.principal.userID, let users = directory.catalog.resourceType("User") else {
      throw SCIMError(status: 404, nil, "This token stands for no user.")
    }
    let location = request.location(of: users, id)
    do {
      let isWhole = request.principal.isAdministrator
      var response =
        isWhole ? try await respond(to: request, on: users, id) : try await respondToSelf(request, users, id)
      if response.status != .notModified { response.headers[.location] = location }
      return response
    } catch {
      guard var refusal = Refusal(error) else { throw error }
      refusal.headers[.location] = location
      throw refusal
    }
  }

  /// The same of a user who is no administrator: it reads as the resource does, and takes what ``SelfService`` allows.
  private func respondToSelf(_ request: SCIMRequest, _ type: ResourceType, _ id: String) async throws -> Response {
    switch request.request.method {
    case .put: try await replaceSelf(type, id, request)
    case .patch: try await patch(type, id, request, checking: SelfService.check)
    case .get: try await read(type, id, request)
    default: throw Refusal.forbidden
    }
  }

  private func replaceSelf(_ type: ResourceType, _ id: String, _ request: SCIMRequest) async throws -> Response {
    let current = try await directory.resource(type: type, id: id)
    let operations = try SelfService.operations(
      replacing: current.attributes, with: try await body(of: request), of: type, catalog: directory.catalog)
    let resource = try await directory.patch(
      type: type, id: id, operations: operations, ifMatch: request.ifMatch ?? current.version,
      ifNoneMatch: request.ifNoneMatch, by: request.author, projection: try request.projectionWithTag)
    return try response(.ok, resource, of: type, to: request)
  }
}
