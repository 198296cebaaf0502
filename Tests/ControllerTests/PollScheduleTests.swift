import Foundation
import Testing

@testable import Controller

struct PollScheduleTests {
  private let start = Date(timeIntervalSince1970: 1_000_000)

  @Test func atOnceAndThenAtTheIntervalGiveOrTakeATenth() {
    for (random, seconds) in [(0.0, 54.0), (0.5, 60), (1, 66)] {
      var schedule = PollSchedule(interval: 60)
      #expect(schedule.isDue(at: start))
      schedule.succeed(at: start, random: random)
      #expect(!schedule.isDue(at: start + seconds - 0.1))
      #expect(schedule.isDue(at: start + seconds + 0.1))
    }
  }

  @Test func failuresWaitLongerUpToABound() {
    var schedule = PollSchedule(interval: 60)
    var waits: [Double] = []
    for _ in 0..<7 {
      schedule.fail(at: start, random: 0.5)
      waits.append((1...4000).first { schedule.isDue(at: start + Double($0)) }.map(Double.init) ?? .infinity)
    }
    #expect(waits == [60, 120, 240, 480, 960, 960, 960])
    schedule.succeed(at: start, random: 0.5)
    #expect(schedule.isDue(at: start + 60))
  }

  @Test func aLongIntervalStaysAsItIs() {
    var schedule = PollSchedule(interval: 7200)
    for _ in 0..<5 { schedule.fail(at: start, random: 0.5) }
    #expect(!schedule.isDue(at: start + 7199))
    #expect(schedule.isDue(at: start + 7200))
  }
}
