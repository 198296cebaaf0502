import Endpoints
import JSON
import Reconciliation
import SCIM

/// Sends one change to an endpoint.
struct ChangeCall: Sendable {
  let endpoint: any Endpoint
  let catalog: SchemaCatalog
  /// What is there, by what it is here.
  let ids: [ResourceKey: String]

  func result(of change: Change) async -> ChangeRun.Result {
    do throws(EndpointError) {
      return .applied(try await send(change))
    } catch {
      return .failed(error)
    }
  }

  /// - Returns: what is known of the resource afterwards; nil when it is gone.
  private func send(_ change: Change) async throws(EndpointError) -> Ledger.Entry? {
    guard let type = catalog.resourceType(change.key.kind) else {
      throw EndpointError(.rejected, "the endpoint has no resource type \(change.key.kind)")
    }
    let request = try complete(change, as: type)
    if case .create(let attributes) = request {
      return entry(of: change, id: try await endpoint.create(attributes, as: type).id)
    }
    guard let id = change.remoteID ?? ids[change.key] else {
      throw EndpointError(.rejected, "\(change.key) has no id at this endpoint")
    }
    switch request {
    case .create: return nil
    case .patch(let operations):
      let updated = try await endpoint.update(id, of: type, .patch(operations), version: change.version)
      return entry(of: change, id: updated.flatMap(\.knownID) ?? id)
    case .replace(let attributes):
      let updated = try await endpoint.update(id, of: type, .replace(attributes), version: change.version)
      return entry(of: change, id: updated.flatMap(\.knownID) ?? id)
    case .delete:
      try await endpoint.delete(id, of: type, version: change.version)
      return nil
    }
  }

  /// The request with ids in the place of references, and with its secrets.
  private func complete(_ change: Change, as type: ResourceType) throws(EndpointError) -> Change.Request {
    do {
      var request = try ReferenceResolution { ids[$0] }.resolve(change.request)
      for (path, reference) in change.secrets.sorted(by: { $0.key < $1.key }) {
        guard case .literal(let secret) = reference else { continue }
        request = try SecretPlacement(path).adding(
          secret, to: request, desired: change.ledgerEntry?.applied ?? [:], type: type, catalog: catalog)
      }
      return request
    } catch let failure as ReferenceResolution.Failure {
      throw EndpointError(.rejected, failure.reason)
    } catch let error as SCIMError {
      throw EndpointError(.rejected, error.detail)
    } catch {
      throw EndpointError(.rejected, "\(error)")
    }
  }

  private func entry(of change: Change, id: String) -> Ledger.Entry? {
    guard var entry = change.ledgerEntry else { return nil }
    entry.remoteID = id
    return entry
  }
}

extension Resource {
  /// nil when the answer told none. Where ids are made of names, an update may bring a new one.
  fileprivate var knownID: String? { id.isEmpty ? nil : id }
}
