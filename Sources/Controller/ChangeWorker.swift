import Endpoints
import Foundation
import JSON
import Reconciliation
import SCIM

/// Carries out one change at one endpoint and says what became of it.
struct ChangeWorker: Sendable {
  let endpoint: any Endpoint
  let catalog: SchemaCatalog
  let secrets: SecretResolver
  let digester: SecretDigester
  let now: @Sendable () -> Date

  /// Sends the request, its references resolved already.
  /// - Returns: the outcome, and what the ledger is to remember of it.
  func perform(_ request: Change.Request, for change: Change) async -> (outcome: Outcome, entry: Ledger.Entry?) {
    guard let type = catalog.resourceType(change.key.kind) else {
      return (.failed(reason: "the endpoint has no resource type \(change.key.kind)"), nil)
    }
    do {
      let values = try change.secrets.mapValues { try secrets.resolve($0) }
      let complete = try values.sorted { $0.key < $1.key }.reduce(request) { request, secret in
        try SecretPlacement(secret.key).adding(
          secret.value, to: request, desired: change.ledgerEntry?.applied ?? [:], type: type, catalog: catalog)
      }
      let id = try await send(complete, for: change, as: type)
      return (.applied(remoteID: id), entry(for: change, id: id, secrets: values))
    } catch let error as EndpointError {
      return (outcome(of: error, for: change), nil)
    } catch let error as SCIMError {
      return (.failed(reason: error.detail), nil)
    } catch {
      return (.failed(reason: "\(error)"), nil)
    }
  }

  /// - Returns: the id of the resource.
  private func send(_ request: Change.Request, for change: Change, as type: ResourceType) async throws -> String {
    if case .create(let attributes) = request {
      return try await endpoint.create(attributes, as: type).id
    }
    guard let id = change.remoteID else {
      throw EndpointError(.misconfigured, "\(change.key) has no id at this endpoint")
    }
    switch request {
    case .create: break
    case .patch(let operations):
      _ = try await endpoint.update(id, of: type, .patch(operations), version: change.version)
    case .replace(let attributes):
      _ = try await endpoint.update(id, of: type, .replace(attributes), version: change.version)
    case .delete:
      try await endpoint.delete(id, of: type, version: change.version)
    }
    return id
  }

  private func entry(for change: Change, id: String, secrets: [String: Secret]) -> Ledger.Entry? {
    guard var entry = change.ledgerEntry else { return nil }
    entry.remoteID = id
    entry.updatedAt = now()
    for (path, secret) in secrets { entry.secretDigests[path] = digester.digest(secret) }
    return entry
  }

  /// What was read is no longer what is there: the next pass sees it anew, and nothing is forced.
  private func outcome(of error: EndpointError, for change: Change) -> Outcome {
    switch error.kind {
    case .stale: .stale
    case .notFound where change.action != .create: .stale
    case .cancelled: .cancelled
    case .unreachable, .interrupted, .timedOut, .unauthorized, .forbidden, .notFound, .conflict, .tooLarge,
      .rateLimited, .unavailable, .rejected, .malformed, .misconfigured:
      .failed(reason: error.message)
    }
  }
}
