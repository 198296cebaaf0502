import Synchronization
import Testing

@testable import IdentityServer

/// A record is read backwards at a bounded price, whatever is missing from it and wherever somebody begins.
struct TrailWalkTests {
  /// Sequence numbers that are kept, and how often they were read.
  private final class Record: Sendable {
    let numbers: [Int]
    private let reads = Mutex(0)

    init(_ numbers: some Sequence<Int>) { self.numbers = Array(numbers) }

    func read(after: Int, limit: Int) -> [Int] {
      reads.withLock { $0 += 1 }
      return Array(numbers.lazy.filter { $0 > after }.prefix(limit))
    }

    func taken() -> Int {
      reads.withLock { count in
        defer { count = 0 }
        return count
      }
    }
  }

  private func page(
    of record: Record, before end: Int, size: Int = 50, where isWanted: (Int) -> Bool = { _ in true }
  ) async throws -> TrailWalk<Int>.Page {
    try await TrailWalk<Int>(size: size, sequence: { $0 }) { record.read(after: $0, limit: $1) }
      .page(before: end, until: { _ in false }, where: isWanted)
  }

  @Test(arguments: [Int.max, Int.max - 1, 1_000_000_000, 5, 4, 1, 0, -1, Int.min])
  func itEndsWhereverItBegins(_ end: Int) async throws {
    let record = Record(1...4)
    let found = try await page(of: record, before: end)
    #expect(found.events == (1...4).filter { $0 < end && end < 1_000_000 }.reversed())
    #expect(record.taken() <= 82)
  }

  @Test func nothingIsSkippedAndNothingComesTwice() async throws {
    let record = Record((1...400).map { $0 * 331 % 100_003 + 1 }.sorted())
    var events: [Int] = []
    var pages = 0
    var end: Int? = 100_004
    while let high = end {
      let found = try await page(of: record, before: high, size: 7) { $0.isMultiple(of: 2) }
      events += found.events
      pages += 1
      #expect(record.taken() <= 82)
      #expect(found.older.map { $0 < high } ?? true)
      end = found.older
    }
    #expect(events == record.numbers.filter { $0.isMultiple(of: 2) }.reversed())
    #expect(pages > 10)
  }

  @Test func whatIsNoLongerKeptIsNotLookedFor() async throws {
    let record = Record(5_000_000..<5_000_100)
    let found = try await page(of: record, before: 5_000_100, size: 1000)
    #expect(found.events.count == 100 && found.older == nil)
    #expect(record.taken() <= 4)
  }
}
