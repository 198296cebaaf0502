import NIOCore
import Testing

@testable import IdentityServer

/// Until when a client may take its time.
struct LimitsDeadlinesTests {
  private var deadlines: ConnectionDeadlines
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

  init() {
    var limits = ConnectionLimits()
    limits.bodyTimeout = .seconds(10)
    limits.answerTimeout = .seconds(20)
    deadlines = ConnectionDeadlines(limits)
  }

  @Test mutating func aClientThatOwesNothingHasNoDeadline() {
    #expect(deadlines.next == nil)
    #expect(deadlines.expired(at: .distantFuture) == nil)
    exchange(at: start)
    #expect(deadlines.next == nil)
    #expect(deadlines.requestsInProgress == 0)
  }

  @Test mutating func aBodyHasATimeInAll() {
    deadlines.headerRead(at: start)
    #expect(deadlines.next == start + .seconds(10))
    #expect(deadlines.expired(at: start + .seconds(9)) == nil)
    #expect(deadlines.expired(at: start + .seconds(10)) == .body)
    #expect(deadlines.next == nil)
  }

  @Test mutating func anAnswerHasATimeInAll() {
    deadlines.headerRead(at: start)
    deadlines.bodyRead()
    deadlines.answerBegun(at: start + .seconds(60))
    deadlines.answerWritten(at: start + .seconds(61))
    #expect(deadlines.expired(at: start + .seconds(79)) == nil)
    #expect(deadlines.expired(at: start + .seconds(80)) == .answer)
  }

  /// Each answer that was read earns the time for the next.
  @Test mutating func pipelinedAnswersCountOneByOne() {
    for _ in 0..<2 { deadlines.headerRead(at: start) }
    deadlines.bodyRead()
    for _ in 0..<2 { deadlines.answerWritten(at: start) }
    deadlines.answerRead(at: start + .seconds(15))
    #expect(deadlines.next == start + .seconds(35))
    deadlines.answerRead(at: start + .seconds(16))
    #expect(deadlines.next == nil)
  }

  @Test mutating func anAnswerBeforeTheBodyLeavesTheBodyDue() {
    deadlines.headerRead(at: start)
    deadlines.answerWritten(at: start)
    deadlines.answerRead(at: start)
    #expect(deadlines.expired(at: start + .seconds(10)) == .body)
  }

  private mutating func exchange(at time: NIODeadline) {
    deadlines.headerRead(at: time)
    deadlines.bodyRead()
    deadlines.answerBegun(at: time)
    deadlines.answerWritten(at: time)
    deadlines.answerRead(at: time)
  }
}
