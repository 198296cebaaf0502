import IdentityServer
import Testing

struct LoginThrottleTests {
  private let start = ContinuousClock.now
  private let key = "ann"

  /// Nil when the attempt may be made, which then counts; else what is left to wait.
  private func attempt(_ throttle: inout LoginThrottle<String>, _ key: String, at now: ContinuousClock.Instant)
    -> Duration?
  {
    if let wait = throttle.wait(for: key, at: now) { return wait.duration }
    throttle.count(key, at: now)
    return nil
  }

  @Test func waitsDoubleUpToTheLongest() {
    var throttle = LoginThrottle<String>(ThrottlePolicy(freeAttempts: 2, longestWait: .seconds(4)))
    #expect(attempt(&throttle, key, at: start) == nil)
    #expect(attempt(&throttle, key, at: start) == nil)
    var now = start
    for wait in [1, 2, 4, 4, 4] {
      #expect(attempt(&throttle, key, at: now) == .seconds(wait))
      now += .seconds(wait)
      #expect(attempt(&throttle, key, at: now) == nil)
    }
  }

  @Test func refusedAttemptsDoNotLengthenTheWait() {
    var throttle = LoginThrottle<String>()
    for _ in 1...5 { #expect(attempt(&throttle, key, at: start) == nil) }
    for _ in 1...9 { #expect(attempt(&throttle, key, at: start) == .seconds(1)) }
    #expect(attempt(&throttle, key, at: start + .seconds(1)) == nil)
  }

  @Test func eachWaitIsNewsOnce() {
    var throttle = LoginThrottle<String>(ThrottlePolicy(freeAttempts: 1))
    throttle.count(key, at: start)
    #expect((1...3).map { _ in throttle.wait(for: key, at: start)?.isNews } == [true, false, false])
    throttle.count(key, at: start + .seconds(1))
    #expect(throttle.wait(for: key, at: start + .seconds(1))?.isNews == true)
  }

  @Test func successAndTimeForgetFailures() {
    var throttle = LoginThrottle<String>()
    for _ in 1...5 { #expect(attempt(&throttle, key, at: start) == nil) }
    throttle.succeed(key)
    for _ in 1...5 { #expect(attempt(&throttle, key, at: start) == nil) }
    for _ in 1...5 { #expect(attempt(&throttle, key, at: start + .seconds(901)) == nil) }
  }

  @Test func theQuietestIsForgottenWhenTheTableIsFull() {
    var policy = ThrottlePolicy(freeAttempts: 1)
    policy.capacity = 2
    var throttle = LoginThrottle<String>(policy)
    let keys = (1...3).map { "user \($0)" }
    for (offset, key) in keys.enumerated() {
      #expect(attempt(&throttle, key, at: start + .milliseconds(offset)) == nil)
    }
    #expect(attempt(&throttle, keys[2], at: start + .milliseconds(3)) != nil)
    #expect(attempt(&throttle, keys[0], at: start + .milliseconds(3)) == nil)
  }
}
