import HTTPTypes
import HummingbirdCore
import LocalDirectory
import SCIM

extension SCIM1Service {
  /// `/Users/me` of a user who is no administrator: it reads as the resource does, and takes what ``SelfService`` allows.
  func respondToSelf(_ request: SCIM1Request, _ type: ResourceType, _ id: String) async throws -> Response {
    switch request.method {
    case .put: return try response(.ok, await replaceSelf(type, id, request), of: type, to: request)
    case .patch:
      let body = try await body(of: request)
      let resource = try await writer(request).patch(
        type, id, body, ifMatch: request.ifMatch, try request.projectionWithTag(of: type), checking: SelfService.check)
      return try response(.ok, resource, of: type, to: request)
    case .get: return try await read(type, id, request)
    default: throw Refusal.forbidden
    }
  }

  private func replaceSelf(_ type: ResourceType, _ id: String, _ request: SCIM1Request) async throws -> Resource {
    let given = try await writer(request).resource(type, try await body(of: request))
    let current = try await directory.resource(type: type, id: id)
    let operations = try SelfService.operations(
      replacing: current.attributes, with: given, of: type, catalog: directory.catalog)
    return try await directory.patch(
      type: type, id: id, operations: operations, ifMatch: request.ifMatch ?? current.version, by: request.author,
      projection: try request.projectionWithTag(of: type))
  }
}
