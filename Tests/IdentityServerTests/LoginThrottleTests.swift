import IdentityServer
import Testing

struct LoginThrottleTests {
  private let start = ContinuousClock.now
  private let key = LoginThrottle.Key(userName: "ann", address: "192.0.2.1")

  @Test func waitsDoubleUpToTheLongest() {
    var policy = LoginThrottle.Policy()
    policy.freeAttempts = 2
    policy.longestWait = .seconds(4)
    var throttle = LoginThrottle(policy)
    #expect(throttle.attempt(key, at: start) == nil)
    #expect(throttle.attempt(key, at: start) == nil)
    var now = start
    for wait in [1, 2, 4, 4, 4] {
      #expect(throttle.attempt(key, at: now) == .seconds(wait))
      now += .seconds(wait)
      #expect(throttle.attempt(key, at: now) == nil)
    }
  }

  @Test func refusedAttemptsDoNotLengthenTheWait() {
    var throttle = LoginThrottle()
    for _ in 1...5 { #expect(throttle.attempt(key, at: start) == nil) }
    for _ in 1...9 { #expect(throttle.attempt(key, at: start) == .seconds(1)) }
    #expect(throttle.attempt(key, at: start + .seconds(1)) == nil)
  }

  @Test func successAndTimeForgetFailures() {
    var throttle = LoginThrottle()
    for _ in 1...5 { #expect(throttle.attempt(key, at: start) == nil) }
    throttle.succeed(key)
    for _ in 1...5 { #expect(throttle.attempt(key, at: start) == nil) }
    for _ in 1...5 { #expect(throttle.attempt(key, at: start + .seconds(901)) == nil) }
  }

  @Test func addressesAreCountedApartAndNamesWithoutCase() {
    var throttle = LoginThrottle()
    for name in ["ann", "ANN", "Ann", "aNN", "anN"] {
      #expect(throttle.attempt(LoginThrottle.Key(userName: name, address: "192.0.2.1"), at: start) == nil)
    }
    #expect(throttle.attempt(key, at: start) != nil)
    #expect(throttle.attempt(LoginThrottle.Key(userName: "ann", address: "192.0.2.2"), at: start) == nil)
  }

  @Test func theQuietestIsForgottenWhenTheTableIsFull() {
    var policy = LoginThrottle.Policy()
    policy.freeAttempts = 1
    policy.capacity = 2
    var throttle = LoginThrottle(policy)
    let keys = (1...3).map { LoginThrottle.Key(userName: "user \($0)", address: "") }
    for (offset, key) in keys.enumerated() {
      #expect(throttle.attempt(key, at: start + .milliseconds(offset)) == nil)
    }
    #expect(throttle.attempt(keys[2], at: start + .milliseconds(3)) != nil)
    #expect(throttle.attempt(keys[0], at: start + .milliseconds(3)) == nil)
  }
}
