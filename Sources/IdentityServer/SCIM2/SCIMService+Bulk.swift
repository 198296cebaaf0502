import HTTPTypes
import HummingbirdCore
import JSON
import Logging
import SCIM

extension SCIMService {
  /// POST to `/Bulk` (RFC 7644 section 3.7): 200 whatever becomes of the single operations.
  /// - Throws: `SCIMError` 413 for more operations or bytes than the service takes (section 3.7.4), 400 for a request that
  ///   is none: then nothing is carried out.
  func bulk(_ request: SCIMRequest, _ logger: Logger) async throws -> Response {
    let bulk = try BulkRequest(try await body(of: request))
    guard bulk.operations.count <= configuration.maxBulkOperations else {
      throw SCIMError(
        status: 413, nil,
        "\(bulk.operations.count) operations exceed the maxOperations (\(configuration.maxBulkOperations)).")
    }
    var run = BulkRun(bulk, BulkWorker(service: self, request: request, logger: logger))
    return .scim(.ok, .object(await run.run().json))
  }
}
