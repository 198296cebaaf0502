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
  package func observe(_ endpoint: any Endpoint, kinds: Set<String>?) async throws(EndpointError) -> Observation {
    let start = now()
    let capabilities = try await endpoint.capabilities()
    let types = capabilities.catalog.resourceTypes.filter { kinds?.contains($0.name) ?? true }
    let listings = try await list(types, at: endpoint)
    return Observation(
      endpoint: endpoint.name, capabilities: capabilities, listings: listings, ownUserName: endpoint.ownUserName,
      duration: now().timeIntervalSince(start))
  }

  /// The types side by side; within a type, pages follow one another.
  private func list(
    _ types: [ResourceType], at endpoint: any Endpoint
  ) async throws(EndpointError) -> [String: Observation.Listing] {
    typealias Answer = (name: String, listing: Result<Observation.Listing, EndpointError>)
    let answers = await withTaskGroup(of: Answer.self) { group in
      for type in types {
        group.addTask { (type.name, await self.list(type, at: endpoint)) }
      }
      return await group.reduce(into: [Answer]()) { $0.append($1) }
    }
    var listings: [String: Observation.Listing] = [:]
    for answer in answers { listings[answer.name] = try answer.listing.get() }
    return listings
  }

  /// A first page that fails is a failed read; a later one leaves an incomplete listing.
  private func list(
    _ type: ResourceType, at endpoint: any Endpoint
  ) async -> Result<Observation.Listing, EndpointError> {
    var walk = ListingWalk()
    while true {
      if stop.isRaised { return .failure(EndpointError(.cancelled, "interrupted while reading \(type.name)s")) }
      do throws(EndpointError) {
        let page = try await endpoint.page(of: type, at: walk.position)
        guard walk.take(page) else { return .success(walk.listing()) }
      } catch {
        guard walk.pages > 0 else { return .failure(error) }
        return .success(walk.listing(interruptedBy: "page \(walk.pages + 1) could not be read: \(error.message)"))
      }
    }
  }
}

/// The walk over one listing's pages: decides when it ends and whether it was complete.
struct ListingWalk {
  private(set) var position: PagePosition?
  private(set) var pages = 0
  private var resources: [Resource] = []
  private var ids: Set<String> = []
  private var firstTotal: Int?
  private var lastTotal: Int?
  private var repeated = 0
  private var endIsCertain = true

  /// Keeps what is on the page.
  /// - Returns: whether there is another one to ask for.
  mutating func take(_ page: ResourcePage) -> Bool {
    if pages == 0 { firstTotal = page.totalResults }
    lastTotal = page.totalResults
    endIsCertain = endIsCertain && page.endIsCertain
    pages += 1
    var fresh = 0
    for resource in page.resources {
      if ids.insert(resource.id).inserted {
        resources.append(resource)
        fresh += 1
      } else {
        repeated += 1
      }
    }
    position = page.next
    // A server that ignores the position would repeat its first page for ever.
    return page.next != nil && fresh > 0
  }

  func listing(interruptedBy fault: String? = nil) -> Observation.Listing {
    Observation.Listing(
      resources: resources, completeness: (fault ?? doubt).map { .incomplete(reason: $0) } ?? .complete,
      totalResults: lastTotal, pages: pages)
  }

  /// Why this may not be all that there is (RFC 7644 section 3.4.2.4 promises no stable order between pages).
  private var doubt: String? {
    if repeated > 0 { return "\(repeated) resources came twice: the listing changed while it was read" }
    if position != nil { return "the endpoint named a next page, and that page brought nothing new" }
    guard let firstTotal, let lastTotal else {
      return endIsCertain ? nil : "the endpoint does not say how many there are (totalResults)"
    }
    if firstTotal != lastTotal { return "totalResults changed from \(firstTotal) to \(lastTotal) while reading" }
    if resources.count != lastTotal { return "\(resources.count) of \(lastTotal) were read" }
    return nil
  }
}
