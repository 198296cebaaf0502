import Endpoints
import Foundation
import JSON
import Reconciliation
import SCIM

/// Carries out one change at one endpoint and says what became of it.
struct ChangeWorker: Sendable {
  struct Answer: Sendable {
    var outcome: Outcome
    /// What the ledger is to remember.
    var entry: Ledger.Entry?
    /// Whether we know what the endpoint made of it. Where we do not, the intent stays open in the journal, so that the
    /// next pass knows a resource that it finds for our own.
    var isCertain = true

    init(_ outcome: Outcome, entry: Ledger.Entry? = nil, isCertain: Bool = true) {
      self.outcome = outcome
      self.entry = entry
      self.isCertain = isCertain
    }
  }

  let endpoint: any Endpoint
  let catalog: SchemaCatalog
  let secrets: SecretResolver
  let digester: SecretDigester
  let now: @Sendable () -> Date

  /// Sends the request, its references resolved already.
  /// - Parameter earlier: what an earlier change of this run made of the same resource.
  func perform(_ request: Change.Request, for change: Change, after earlier: Ledger.Entry?) async -> Answer {
    guard let type = catalog.resourceType(change.key.kind) else {
      return Answer(.failed(reason: "the endpoint has no resource type \(change.key.kind)"))
    }
    do {
      let values = try await resolved(change.secrets)
      let complete = try values.sorted { $0.key < $1.key }.reduce(request) { request, secret in
        try SecretPlacement(secret.key).adding(
          secret.value, to: request, desired: change.ledgerEntry?.applied ?? [:], type: type, catalog: catalog)
      }
      let id = try await send(complete, for: change, id: change.remoteID ?? earlier?.remoteID, as: type)
      return Answer(.applied(remoteID: id), entry: entry(for: change, id: id, secrets: values, after: earlier))
    } catch let error as EndpointError {
      return answer(to: error, for: change)
    } catch let error as SCIMError {
      return Answer(.failed(reason: error.detail))
    } catch {
      return Answer(.failed(reason: "\(error)"))
    }
  }

  private func resolved(
    _ references: [String: SecretReference]
  ) async throws(SecretResolver.Failure) -> [String: Secret] {
    var values: [String: Secret] = [:]
    for (path, reference) in references { values[path] = try await secrets.value(of: reference) }
    return values
  }

  /// - Returns: the id of the resource.
  private func send(
    _ request: Change.Request, for change: Change, id: String?, as type: ResourceType
  ) async throws(EndpointError) -> String {
    if case .create(let attributes) = request { return try await endpoint.create(attributes, as: type).id }
    guard let id else { throw EndpointError(.misconfigured, "\(change.key) has no id at this endpoint") }
    var updated: Resource?
    switch request {
    case .create: break
    case .patch(let operations):
      updated = try await endpoint.update(id, of: type, .patch(operations), version: change.version)
    case .replace(let attributes):
      updated = try await endpoint.update(id, of: type, .replace(attributes), version: change.version)
    case .delete:
      try await endpoint.delete(id, of: type, version: change.version)
    }
    // Where ids are made of names, an update may bring a new one.
    return updated.flatMap { $0.id.isEmpty ? nil : $0.id } ?? id
  }

  private func entry(
    for change: Change, id: String, secrets: [String: Secret], after earlier: Ledger.Entry?
  ) -> Ledger.Entry? {
    guard var entry = change.ledgerEntry else { return nil }
    entry.remoteID = id
    entry.updatedAt = now()
    entry.secretDigests.merge(earlier?.secretDigests ?? [:]) { _, latest in latest }
    for (path, secret) in secrets { entry.secretDigests[path] = digester.digest(secret) }
    return entry
  }

  /// What was read is no longer what is there: the next pass sees it anew, and nothing is forced.
  private func answer(to error: EndpointError, for change: Change) -> Answer {
    let isCreate = change.action == .create
    switch error.kind {
    case .stale: return Answer(.stale)
    case .notFound where !isCreate: return Answer(.stale)
    case .conflict where isCreate:
      return Answer(
        .failed(reason: "the resource exists there already, and the next run can adopt it (\(error.message))"))
    case .cancelled: return Answer(.cancelled, isCertain: !isCreate)
    case .interrupted, .timedOut, .unavailable, .malformed:
      return Answer(.failed(reason: error.message), isCertain: !isCreate)
    case .unreachable, .unauthorized, .forbidden, .notFound, .conflict, .tooLarge, .rateLimited, .rejected,
      .misconfigured:
      return Answer(.failed(reason: error.message))
    }
  }
}
