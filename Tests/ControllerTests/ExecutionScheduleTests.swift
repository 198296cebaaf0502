import Reconciliation
import SeededRandom
import Testing

@testable import Controller

struct ExecutionScheduleTests {
  @Test func handsOutInThePlansOrder() {
    var schedule = ExecutionSchedule([change("a"), change("b", after: ["a"]), change("c")])
    #expect(schedule.takeReady(atMost: 10) == [0, 2])
    #expect(schedule.takeReady(atMost: 10).isEmpty)
    schedule.finish(0, .applied(remoteID: "1"))
    #expect(schedule.takeReady(atMost: 10) == [1])
  }

  @Test func aDependencyMayStandLater() {
    var schedule = ExecutionSchedule([change("a", after: ["b"]), change("b")])
    #expect(schedule.takeReady(atMost: 10) == [1])
    schedule.finish(1, .applied(remoteID: "1"))
    #expect(schedule.takeReady(atMost: 10) == [0])
  }

  @Test func ofAKeyThatStandsTwiceTheFirstChangeCounts() {
    let second = change("a", action: .update, after: ["a", "b"])
    var schedule = ExecutionSchedule([change("a"), change("b", after: ["a"]), second])
    #expect(schedule.takeReady(atMost: 10) == [0])
    schedule.finish(0, .applied(remoteID: "1"))
    #expect(schedule.takeReady(atMost: 10) == [1])
    schedule.finish(1, .applied(remoteID: "2"))
    #expect(schedule.takeReady(atMost: 10) == [2])
  }

  @Test func whatDependsOnAFailureIsSkippedBecauseOfIt() {
    var schedule = ExecutionSchedule([change("a"), change("b", after: ["a"]), change("c", after: ["b"]), change("d")])
    _ = schedule.takeReady(atMost: 10)
    schedule.finish(0, .failed(reason: "no"))
    let because = Outcome.skipped(because: ResourceKey("User", "a"))
    #expect(schedule.outcomes[1] == because)
    #expect(schedule.outcomes[2] == because)
    #expect(schedule.outcomes[3] == nil)
    #expect(schedule.finishedCount == 3)
  }

  @Test func abandoningSparesWhatRuns() {
    var schedule = ExecutionSchedule([change("a"), change("b"), change("c", after: ["a"])])
    _ = schedule.takeReady(atMost: 1)
    schedule.abandon(.cancelled, except: [0])
    #expect(schedule.outcomes == [nil, .cancelled, .cancelled])
    schedule.finish(0, .applied(remoteID: "1"))
    #expect(schedule.outcomes[0] == .applied(remoteID: "1"))
    #expect(schedule.takeReady(atMost: 10).isEmpty)
  }

  /// Circles included: what never becomes ready is left to `abandon`.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func everyChangeGetsOneOutcomeAndNeverBeforeItsDependencies(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let count = Int.random(in: 1...40, using: &random)
    let changes = (0..<count).map { number in
      let reach = seed.isMultiple(of: 2) ? number : count
      let needed = (0..<Int.random(in: 0...3, using: &random)).compactMap { _ in
        reach > 0 ? "\(Int.random(in: 0..<reach, using: &random))" : nil
      }
      return change("\(number)", after: needed)
    }
    let index = Dictionary(uniqueKeysWithValues: changes.enumerated().map { ($1.key, $0) })
    var schedule = ExecutionSchedule(changes)
    var running: [Int] = []
    var handedOut: Set<Int> = []
    while true {
      for position in schedule.takeReady(atMost: Int.random(in: 1...5, using: &random)) {
        #expect(handedOut.insert(position).inserted)
        for key in changes[position].dependencies {
          guard let needed = index[key], needed != position else { continue }
          #expect(schedule.outcomes[needed] == .applied(remoteID: "id"))
        }
        running.append(position)
      }
      guard !running.isEmpty else { break }
      let position = running.remove(at: Int.random(in: 0..<running.count, using: &random))
      #expect(schedule.outcomes[position] == nil)
      let fails = Int.random(in: 0..<5, using: &random) == 0
      schedule.finish(position, fails ? .failed(reason: "no") : .applied(remoteID: "id"))
    }
    if seed.isMultiple(of: 2) { #expect(schedule.finishedCount == count) }
    schedule.abandon(.cancelled)
    #expect(schedule.finishedCount == count)
    #expect(schedule.outcomes.allSatisfy { $0 != nil })
  }
}
