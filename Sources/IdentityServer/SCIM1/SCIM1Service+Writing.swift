import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

extension SCIM1Service {
  /// POST (protocol, section 3.1).
  func create(_ type: ResourceType, _ request: SCIM1Request) async throws -> Response {
    let body = try await body(of: request)
    let resource = try await writer(request).create(type, body, try request.projectionWithTag(of: type))
    return try response(.created, resource, of: type, to: request)
  }

  /// PUT (section 3.3.1).
  func replace(_ type: ResourceType, _ id: String, _ request: SCIM1Request) async throws -> Response {
    let body = try await body(of: request)
    let resource = try await writer(request).replace(
      type, id, body, ifMatch: request.ifMatch, try request.projectionWithTag(of: type))
    return try response(.ok, resource, of: type, to: request)
  }

  /// PATCH (section 3.3.2), answered with the resource.
  func patch(_ type: ResourceType, _ id: String, _ request: SCIM1Request) async throws -> Response {
    let body = try await body(of: request)
    let resource = try await writer(request).patch(
      type, id, body, ifMatch: request.ifMatch, try request.projectionWithTag(of: type))
    return try response(.ok, resource, of: type, to: request)
  }

  /// DELETE (section 3.4): 200 without a body.
  func delete(_ type: ResourceType, _ id: String, _ request: SCIM1Request) async throws -> Response {
    try await directory.delete(type: type, id: id, ifMatch: request.ifMatch, by: request.author)
    return Response(status: .ok)
  }

  func writer(_ request: SCIM1Request) -> SCIM1Writer { SCIM1Writer(directory: directory, author: request.author) }

  func body(of request: SCIM1Request) async throws -> JSONObject {
    try await request.body(maxSize: configuration.maxBodySize)
  }
}
