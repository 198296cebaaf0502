import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

extension SCIM1Service {
  /// POST to `/Bulk` (protocol, section 3.6): the operations in their order, but that one waits for another whose
  /// `bulkId` it names. After `failOnErrors` errors the rest is left out of the answer.
  func bulk(_ request: SCIM1Request) async throws -> Response {
    let bulk = try BulkRequest(try await body(of: request))
    guard bulk.operations.count <= configuration.maxBulkOperations else {
      throw SCIMError(status: 413, nil, "A bulk request takes \(configuration.maxBulkOperations) operations at most.")
    }
    var plan = BulkPlan(bulk.operations)
    var answers: [Int: BulkResponse.Operation] = [:]
    while !isOver(bulk, answers), let step = plan.next(where: { _, _ in false }) {
      let (index, answer) = await answer(step, of: bulk, plan, request)
      answers[index] = answer
      let created = answer.status == 201 ? answer.location?.split(separator: "/").last.map(String.init) : nil
      plan.settle(index, id: created, postponing: [])
    }
    let operations = answers.sorted { $0.key < $1.key }.map(\.value)
    return .scim1(.ok, Dialect11.encoded(BulkResponse(operations: operations)))
  }

  /// Whether the client wants no more after so many errors; 0 sets no limit.
  private func isOver(_ bulk: BulkRequest, _ answers: [Int: BulkResponse.Operation]) -> Bool {
    guard let limit = bulk.failOnErrors, limit > 0 else { return false }
    return answers.values.count { $0.status >= 400 } >= limit
  }

  private func answer(
    _ step: BulkPlan.Step, of bulk: BulkRequest, _ plan: BulkPlan, _ request: SCIM1Request
  ) async -> (Int, BulkResponse.Operation) {
    switch step {
    case .refuse(let index): return (index, failure(bulk.operations[index], .circular))
    case .perform(let index), .performInPart(let index, _):
      let operation = bulk.operations[index]
      if let missing = plan.missing(index) { return (index, failure(operation, .unresolved(missing))) }
      do {
        return (index, try await perform(plan.resolved(operation, without: []), request))
      } catch {
        return (index, failure(operation, ServiceResponder.refusal(of: error, request.context).error))
      }
    }
  }

  private func failure(_ operation: BulkOperation, _ error: SCIMError) -> BulkResponse.Operation {
    BulkResponse.Operation(
      operation.method, status: error.status, bulkId: operation.bulkId, response: Dialect11.encoded(error))
  }

  private func perform(_ operation: BulkOperation, _ request: SCIM1Request) async throws -> BulkResponse.Operation {
    let route = SCIM1Route(path: operation.path, catalog: directory.catalog)
    guard request.principal.may(operation.method.http, try Self.known(route)) else { throw Refusal.forbidden }
    let writer = writer(request)
    let data = operation.data ?? [:]
    switch (operation.method, route) {
    case (.post, .resources(let type)):
      let resource = try await writer.create(type, data, .identity)
      return answer(operation, 201, resource.version, at: request.location(of: type, resource.id))
    case (.put, .resource(let type, let id)):
      let resource = try await writer.replace(type, id, data, ifMatch: operation.version, .identity)
      return answer(operation, 200, resource.version, at: request.location(of: type, id))
    case (.patch, .resource(let type, let id)):
      let resource = try await writer.patch(type, id, data, ifMatch: operation.version, .identity)
      return answer(operation, 200, resource.version, at: request.location(of: type, id))
    case (.delete, .resource(let type, let id)):
      try await directory.delete(type: type, id: id, ifMatch: operation.version, by: request.author)
      return answer(operation, 200, nil, at: request.location(of: type, id))
    default: throw SCIMError(status: 400, nil, "\(operation.path) does not take \(operation.method.rawValue).")
    }
  }

  private func answer(
    _ operation: BulkOperation, _ status: Int, _ version: String?, at location: String
  ) -> BulkResponse.Operation {
    BulkResponse.Operation(
      operation.method, status: status, bulkId: operation.bulkId, version: version, location: location)
  }

  private static func known(_ route: SCIM1Route?) throws(Refusal) -> SCIM1Route {
    guard let route else { throw .notFound }
    return route
  }
}
