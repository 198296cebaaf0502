import Reconciliation
import SeededRandom
import Testing

@testable import Endpoints

@Suite struct PacingTests {
  @Test func noLimitNeverWaits() {
    var pacing = Pacing(perMinute: nil)
    #expect((0..<1000).allSatisfy { _ in pacing.reserve(at: .zero) == .zero })
  }

  /// However requests arrive, no window of a minute holds more than the rate and a twentieth.
  @Test(arguments: [1, 7, 60, 180, 1000]) func noWindowHoldsMoreThanTheRate(_ rate: Int) {
    var generator = SplitMix64(seed: UInt64(rate))
    var pacing = Pacing(perMinute: rate)
    var now = Duration.zero
    let sent = (0..<(rate * 3)).map { _ in
      now += .milliseconds(Int.random(in: 0...1, using: &generator) * Int.random(in: 0...200, using: &generator))
      return now + pacing.reserve(at: now)
    }
    for (first, start) in sent.enumerated() {
      let inWindow = sent[first...].prefix { $0 < start + .seconds(60) }.count
      #expect(Double(inWindow) <= max(Double(rate) * 1.05, 1))
    }
  }

  @Test func anIdleMinuteSavesNothingUp() {
    var pacing = Pacing(perMinute: 60)
    #expect(pacing.reserve(at: .seconds(100)) == .zero)
    #expect(pacing.reserve(at: .seconds(100)) == pacing.interval)
  }

  @Test func readsAndWritesHaveTheirOwnPace() async throws {
    let clock = ManualClock()
    let gate = RequestGate(.init(readsPerMinute: 60, writesPerMinute: 6), timeline: Timeline(clock))
    try await gate.enter(.read, patience: .zero)
    try await gate.enter(.create, patience: .zero)
    #expect(clock.sleeps.isEmpty)
    try await gate.enter(.read, patience: .zero)
    try await gate.enter(.repeatableWrite, patience: .zero)
    #expect(clock.sleeps.map { $0.components.seconds } == [1, 9])
  }

  @Test func aPauseHoldsEverybodyBack() async throws {
    let clock = ManualClock()
    let gate = RequestGate(.init(), timeline: Timeline(clock))
    await gate.pause(for: .seconds(20))
    await gate.pause(for: .seconds(5))
    try await gate.enter(.read, patience: .seconds(60))
    #expect(clock.sleeps == [.seconds(20)])
    await gate.pause(for: .seconds(61))
    let refused = await failure { try await gate.enter(.create, patience: .seconds(60)) }
    #expect(refused?.kind == .rateLimited(retryAfter: .seconds(61)))
  }
}
