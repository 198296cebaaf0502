import IdentityServer
import Testing

/// The three ways of guessing, and that none of them locks the owner out.
struct LoginGuardTests {
  private let start = ContinuousClock.now
  private let owner = NetworkAddress("192.0.2.1")

  private func limits(_ pair: Int = 1000, address: Int = 1000, name: Int = 1000) -> LoginGuard.Limits {
    var limits = LoginGuard.Limits()
    limits.perNameAndAddress.freeAttempts = pair
    limits.perAddress.freeAttempts = address
    limits.perName.freeAttempts = name
    return limits
  }

  @Test func oneNameFromOneAddress() {
    var guards = LoginGuard(limits(2))
    for _ in 1...2 { #expect(guards.attempt("ann", from: owner, at: start) == nil) }
    #expect(guards.attempt("ann", from: owner, at: start)?.duration == .seconds(1))
    #expect(guards.attempt("bob", from: owner, at: start) == nil)
    #expect(guards.attempt("ann", from: NetworkAddress("192.0.2.2"), at: start) == nil)
  }

  @Test func oneAddressWithManyNames() {
    var guards = LoginGuard(limits(address: 3))
    for name in ["ann", "bob", "cid"] { #expect(guards.attempt(name, from: owner, at: start) == nil) }
    #expect(guards.attempt("dan", from: owner, at: start)?.duration == .seconds(1))
    #expect(guards.attempt("dan", from: NetworkAddress("192.0.2.2"), at: start) == nil)
  }

  /// Whoever has an account of their own must not wipe their slate with it.
  @Test func successTakesBackItsOwnAttemptOnly() {
    var guards = LoginGuard(limits(address: 3))
    for name in ["ann", "bob"] { #expect(guards.attempt(name, from: owner, at: start) == nil) }
    #expect(guards.attempt("mine", from: owner, at: start) == nil)
    guards.succeed("mine", from: owner, at: start)
    #expect(guards.attempt("cid", from: owner, at: start) == nil)
    #expect(guards.attempt("dan", from: owner, at: start) != nil)
  }

  @Test func oneNameFromEverywhere() {
    var guards = LoginGuard(limits(name: 3))
    #expect(guards.attempt("admin", from: owner, at: start) == nil)
    guards.succeed("admin", from: owner, at: start)
    var now = start
    for number in 1...30 {
      now += .seconds(60)
      let stranger = NetworkAddress("198.51.100.\(number)")
      #expect(guards.attempt("admin", from: stranger, at: now) == nil)
      if number > 3 {
        let wait = guards.attempt("admin", from: NetworkAddress("203.0.113.\(number)"), at: now)?.duration
        #expect(wait.map { (.seconds(1)...(.seconds(60))).contains($0) } == true)
      }
    }
    // The owner's address, and the machine itself, are let in all the time.
    #expect(guards.attempt("admin", from: owner, at: now) == nil)
    #expect(guards.attempt("admin", from: NetworkAddress("::1"), at: now) == nil)
    #expect(guards.attempt("admin", from: NetworkAddress("192.0.2.9"), at: now) != nil)
  }

  @Test func anIPv6NetworkIsOneAddress() {
    var guards = LoginGuard(limits(1))
    #expect(guards.attempt("ann", from: NetworkAddress("2001:db8::1"), at: start) == nil)
    #expect(guards.attempt("ann", from: NetworkAddress("2001:db8::ffff:2"), at: start) != nil)
    #expect(guards.attempt("ann", from: NetworkAddress("2001:db8:0:1::1"), at: start) == nil)
  }
}
