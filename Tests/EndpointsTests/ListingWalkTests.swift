import JSON
import Reconciliation
import SCIM
import Testing

@testable import Endpoints

struct ListingWalkTests {
  private func page(_ ids: [String], total: Int?, next: Int? = nil) -> ResourcePage {
    ResourcePage(
      resources: ids.map { Resource(["id": .string($0)]) }, totalResults: total, next: next.map(PagePosition.index))
  }

  @Test func allPagesAreComplete() {
    var walk = ListingWalk()
    #expect(walk.take(page(["1", "2"], total: 3, next: 3)) == true)
    #expect(walk.position == .index(3))
    #expect(walk.take(page(["3"], total: 3)) == false)
    let listing = walk.listing()
    #expect(listing.completeness.isComplete)
    #expect(listing.resources.map(\.id) == ["1", "2", "3"])
    #expect(listing.pages == 2)
  }

  @Test func anEmptyListingThatSaysSoIsComplete() {
    var walk = ListingWalk()
    #expect(walk.take(page([], total: 0)) == false)
    #expect(walk.listing().completeness.isComplete)
  }

  @Test func withoutATotalNothingIsProved() {
    var walk = ListingWalk()
    _ = walk.take(page([], total: nil))
    #expect(!walk.listing().completeness.isComplete)
  }

  /// Protocols that hand out cursors tell the end by the lack of one, and no total.
  @Test func whereTheEndIsCertainNoTotalIsNeeded() {
    var walk = ListingWalk()
    var pages = [page(["1"], total: nil, next: 2), page(["2"], total: nil)]
    for index in pages.indices { pages[index].endIsCertain = true }
    #expect(walk.take(pages[0]) == true)
    #expect(!walk.listing().completeness.isComplete)
    #expect(walk.take(pages[1]) == false)
    #expect(walk.listing().completeness.isComplete)
    _ = walk.take(page([], total: nil))
    #expect(!walk.listing().completeness.isComplete)
  }

  @Test(arguments: [3, 1])
  func aTotalThatDoesNotFitIsDoubted(total: Int) {
    var walk = ListingWalk()
    _ = walk.take(page(["1", "2"], total: total))
    #expect(!walk.listing().completeness.isComplete)
  }

  @Test func aTotalThatMovesIsDoubted() {
    var walk = ListingWalk()
    _ = walk.take(page(["1"], total: 1, next: 2))
    _ = walk.take(page(["2"], total: 2))
    #expect(!walk.listing().completeness.isComplete)
  }

  @Test func aServerThatRepeatsItsFirstPageEndsTheWalk() {
    var walk = ListingWalk()
    #expect(walk.take(page(["1"], total: 1, next: 2)) == true)
    #expect(walk.take(page(["1"], total: 1, next: 2)) == false)
    #expect(walk.listing().resources.count == 1)
    #expect(!walk.listing().completeness.isComplete)
  }

  @Test func aFaultInTheMiddleIsTheReason() {
    var walk = ListingWalk()
    _ = walk.take(page(["1"], total: 2, next: 2))
    #expect(walk.listing(interruptedBy: "gone").completeness == .incomplete(reason: "gone"))
  }

  @Test func aTotalBeyondReasonCostsNothing() {
    var walk = ListingWalk()
    _ = walk.take(page(["1"], total: .max))
    #expect(walk.listing().resources.count == 1)
  }
}
