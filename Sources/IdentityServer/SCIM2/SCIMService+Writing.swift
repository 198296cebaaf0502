import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

extension SCIMService {
  /// POST (RFC 7644 section 3.3).
  func create(_ type: ResourceType, _ request: SCIMRequest) async throws -> Response {
    let resource = try await directory.create(
      type: type, attributes: try await body(of: request), by: request.author,
      projection: try request.projectionWithTag)
    return try response(.created, resource, of: type, to: request)
  }

  /// PUT (section 3.5.1).
  func replace(_ type: ResourceType, _ id: String, _ request: SCIMRequest) async throws -> Response {
    let resource = try await directory.replace(
      type: type, id: id, attributes: try await body(of: request), ifMatch: request.ifMatch,
      ifNoneMatch: request.ifNoneMatch, by: request.author, projection: try request.projectionWithTag)
    return try response(.ok, resource, of: type, to: request)
  }

  /// PATCH (section 3.5.2), answered with the resource, so that the client sees the version and what was computed.
  /// - Parameter check: throws what the client may not ask for.
  func patch(
    _ type: ResourceType, _ id: String, _ request: SCIMRequest,
    checking check: ([PatchOperation]) throws -> Void = { _ in }
  ) async throws -> Response {
    let patch = try PatchRequest(asked: try await body(of: request))
    try check(patch.operations)
    let operations = patch.operations.map { $0.relative(to: request.base) }
    let resource = try await directory.patch(
      type: type, id: id, operations: operations, ifMatch: request.ifMatch, ifNoneMatch: request.ifNoneMatch,
      unknownMembers: .ignored, by: request.author, projection: try request.projectionWithTag)
    return try response(.ok, resource, of: type, to: request)
  }

  /// DELETE (section 3.6).
  func delete(_ type: ResourceType, _ id: String, _ request: SCIMRequest) async throws -> Response {
    try await directory.delete(
      type: type, id: id, ifMatch: request.ifMatch, ifNoneMatch: request.ifNoneMatch, by: request.author)
    return Response(status: .noContent)
  }
}

extension PatchRequest {
  /// The PATCH that a client asks for.
  /// - Throws: `SCIMError` 400, also when the body does not say that it is one.
  init(asked body: JSONObject) throws(SCIMError) {
    let schemas = body.value(ignoringCase: "schemas")?.array?.compactMap { $0.string?.lowercased() } ?? []
    guard schemas.contains(SchemaURN.patchRequest.lowercased()) else {
      throw SCIMError(status: 400, .invalidSyntax, "schemas must name \(SchemaURN.patchRequest).")
    }
    try self.init(body)
  }
}
