import Reconciliation
import SCIM

/// The walk over one listing's pages: decides when it ends and whether it was complete.
package struct ListingWalk {
  package private(set) var position: PagePosition?
  package private(set) var pages = 0
  private var resources: [Resource] = []
  private var ids: Set<String> = []
  private var firstTotal: Int?
  private var lastTotal: Int?
  private var repeated = 0
  private var endIsCertain = true

  package init() {}

  /// Keeps what is on the page.
  /// - Returns: whether there is another one to ask for.
  package mutating func take(_ page: ResourcePage) -> Bool {
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

  /// - Parameter fault: why the walk ended early; nil when it did not.
  package func listing(interruptedBy fault: String? = nil) -> Observation.Listing {
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
