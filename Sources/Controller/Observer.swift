import Endpoints
import Foundation
import JSON
import Reconciliation
import SCIM

/// Reads endpoints whole, page by page, and says whether it was all of it.
package struct Observer: Sendable {
  private let stop: StopSignal
  private let now: @Sendable () -> Date

  package init(stop: StopSignal = StopSignal(), now: @escaping @Sendable () -> Date) {
    self.stop = stop
    self.now = now
  }

  /// Lists the resource types of these names, as far as the endpoint holds them; nil lists all that it holds.
  /// - Parameter interests: by type, which resources are to be read whole; every one where it says nothing.
  package func observe(
    _ endpoint: any Endpoint, kinds: Set<String>?, interests: (Capabilities) -> [String: ListingInterest] = { _ in [:] }
  ) async throws(EndpointError) -> Observation {
    let permit = SendingPermit { [stop] in !stop.isRaised }
    return try await SendingPermit.$current.withValue(permit) { await read(endpoint, kinds, interests) }.get()
  }

  private func read(
    _ endpoint: any Endpoint, _ kinds: Set<String>?, _ interests: (Capabilities) -> [String: ListingInterest]
  ) async -> Result<Observation, EndpointError> {
    let start = now()
    do throws(EndpointError) {
      let capabilities = try await endpoint.capabilities()
      let types = capabilities.catalog.resourceTypes.filter { kinds?.contains($0.name) ?? true }
      let listings = try await list(types, at: endpoint, interests(capabilities))
      return .success(
        Observation(
          endpoint: endpoint.name, capabilities: capabilities, listings: listings, ownUserName: endpoint.ownUserName,
          duration: now().timeIntervalSince(start)))
    } catch {
      return .failure(error)
    }
  }

  /// The types side by side; within a type, pages follow one another.
  private func list(
    _ types: [ResourceType], at endpoint: any Endpoint, _ interests: [String: ListingInterest]
  ) async throws(EndpointError) -> [String: Observation.Listing] {
    typealias Answer = (name: String, listing: Result<Observation.Listing, EndpointError>)
    let answers = await withTaskGroup(of: Answer.self) { group in
      for type in types {
        group.addTask { (type.name, await self.list(type, at: endpoint, interests[type.name] ?? .all)) }
      }
      return await group.reduce(into: [Answer]()) { $0.append($1) }
    }
    var listings: [String: Observation.Listing] = [:]
    for answer in answers { listings[answer.name] = try answer.listing.get() }
    return listings
  }

  /// A first page that fails is a failed read; a later one leaves an incomplete listing.
  private func list(
    _ type: ResourceType, at endpoint: any Endpoint, _ interest: ListingInterest
  ) async -> Result<Observation.Listing, EndpointError> {
    var walk = ListingWalk()
    while true {
      if stop.isRaised { return .failure(EndpointError(.cancelled, "interrupted while reading \(type.name)s")) }
      do throws(EndpointError) {
        let page = try await endpoint.page(of: type, at: walk.position, interest: interest)
        guard walk.take(page) else { return .success(walk.listing()) }
      } catch {
        guard walk.pages > 0, error.kind != .cancelled else { return .failure(error) }
        return .success(walk.listing(interruptedBy: "page \(walk.pages + 1) could not be read: \(error.message)"))
      }
    }
  }
}
