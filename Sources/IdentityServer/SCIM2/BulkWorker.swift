import HTTPTypes
import JSON
import LocalDirectory
import Logging
import SCIM

/// Carries out single operations of a bulk request as if each had come by itself.
struct BulkWorker: Sendable {
  let service: SCIMService
  let request: SCIMRequest
  let logger: Logger

  private var directory: Directory { service.directory }

  /// The result of an operation whose references are resolved, and the id of what it created.
  /// - Parameter told: the operation as the client sent it.
  func perform(
    _ operation: BulkOperation, as told: BulkOperation
  ) async -> (result: BulkResponse.Operation, id: String?) {
    do {
      switch (operation.method, try route(operation)) {
      case (.post, .resources(let type)):
        let created = try await directory.create(
          type: type, attributes: operation.data ?? [:], by: request.author, projection: .identity)
        return (success(told, 201, request.location(of: type, created.id), created.version), created.id)
      case (_, .resource(let type, let id)):
        let version = try await write(operation, type, id)
        return (success(told, operation.method == .delete ? 204 : 200, request.location(of: type, id), version), nil)
      default: throw Refusal.notFound
      }
    } catch {
      return (failure(told, scimError(error), at: operation.path), nil)
    }
  }

  /// Writes the attributes of a created resource anew, now that all references in them have ids.
  func complete(_ operation: BulkOperation, id: String, as told: BulkOperation) async -> BulkResponse.Operation {
    do {
      guard case .resources(let type) = try route(operation) else { throw Refusal.notFound }
      let resource = try await directory.patch(
        type: type, id: id, operations: [PatchOperation(.replace, value: .object(operation.data ?? [:]))],
        by: request.author, projection: .identity)
      return success(told, 201, request.location(of: type, id), resource.version)
    } catch {
      return failure(told, scimError(error))
    }
  }

  /// Deletes what was created in part only.
  func withdraw(_ operation: BulkOperation, id: String) async {
    do {
      guard case .resources(let type) = try route(operation) else { return }
      try await directory.delete(type: type, id: id, by: request.author)
    } catch {
      logger.error("a resource of a bulk request stays incomplete", metadata: ["id": "\(id)", "error": "\(error)"])
    }
  }

  /// Whether the attribute may be written after the resource is there. Members may not: groups that hold one another
  /// would be refused then too.
  func isPostponable(_ operation: BulkOperation, _ attribute: String) -> Bool {
    guard case .resources(let type)? = try? route(operation) else { return false }
    let listing = directory.catalog.resourceTypes.compactMap {
      directory.catalog.membershipAttribute(of: type, for: $0.name)?.lowercased()
    }
    return !listing.contains(attribute.lowercased())
  }

  /// - Parameter path: with ids in place of references; nil for what names no resource.
  func failure(_ operation: BulkOperation, _ error: SCIMError, at path: String? = nil) -> BulkResponse.Operation {
    BulkResponse.Operation(
      operation.method, status: error.status, bulkId: operation.bulkId, version: nil,
      location: operation.method == .post ? nil : request.base.text + (path ?? operation.path),
      response: error.json.object)
  }

  private func success(
    _ operation: BulkOperation, _ status: Int, _ location: String, _ version: String?
  ) -> BulkResponse.Operation {
    BulkResponse.Operation(
      operation.method, status: status, bulkId: operation.bulkId, version: version, location: location)
  }

  /// - Returns: the version after the write; nil when nothing is left.
  private func write(_ operation: BulkOperation, _ type: ResourceType, _ id: String) async throws -> String? {
    let data = operation.data ?? [:]
    switch operation.method {
    case .put:
      return try await directory.replace(
        type: type, id: id, attributes: data, ifMatch: operation.version, by: request.author, projection: .identity
      ).version
    case .patch:
      let operations = try PatchRequest(asked: data).operations.map { $0.relative(to: request.base) }
      return try await directory.patch(
        type: type, id: id, operations: operations, ifMatch: operation.version,
        unknownMembers: .ignored, by: request.author, projection: .identity
      ).version
    case .delete:
      try await directory.delete(type: type, id: id, ifMatch: operation.version, by: request.author)
      return nil
    case .post: throw Refusal.methodNotAllowed([.put, .patch, .delete])
    }
  }

  /// What the operation is about, if the client may do that.
  private func route(_ operation: BulkOperation) throws -> Route {
    let basePath = service.configuration.basePath
    guard let route = Route(path: basePath + operation.path, basePath: basePath, catalog: directory.catalog) else {
      throw Refusal.notFound
    }
    let method = operation.method.http
    guard route.methods.contains(method) else { throw Refusal.methodNotAllowed(route.methods) }
    guard request.principal.may(method, route) else { throw Refusal.forbidden }
    return route
  }

  private func scimError(_ error: any Error) -> SCIMError {
    if let refusal = Refusal(error) { return refusal.error }
    logger.error("an operation of a bulk request failed", metadata: ["error": "\(error)"])
    return SCIMError(status: 500, nil, "The server failed at this operation; its log has the reason.")
  }
}

extension SCIMError {
  /// RFC 7644 section 3.7.1.
  static let circular = SCIMError(
    status: 409, nil, "This refers to what refers to it, and neither can be created before the other.")

  static func unresolved(_ bulkId: String) -> SCIMError {
    SCIMError(status: 409, nil, "Nothing was created under bulkId:\(bulkId).")
  }
}

extension BulkOperation.Method {
  var http: HTTPRequest.Method {
    switch self {
    case .post: .post
    case .put: .put
    case .patch: .patch
    case .delete: .delete
    }
  }
}
