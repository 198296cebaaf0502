/// Who may try a password now. Three counts of what has failed, each against another kind of guessing:
///
/// - of one name from one address: somebody tries passwords
/// - of one address, whatever the name: somebody tries one password on everybody
/// - of one name, from wherever: many machines try passwords together. Its wait is short, and holds up neither an
///   address that the name has come in from before nor this machine: nobody can lock the owner out.
package struct LoginGuard: Sendable {
  package typealias Instant = ContinuousClock.Instant

  package struct Limits: Hashable, Sendable {
    package var perNameAndAddress = ThrottlePolicy()
    package var perAddress = ThrottlePolicy(freeAttempts: 50)
    package var perName = ThrottlePolicy(freeAttempts: 100, longestWait: .seconds(60))

    package init() {}
  }

  private struct Pair: Hashable {
    let name: String
    let network: String
  }

  /// The most addresses to remember that names have come in from.
  private static let knownCapacity = 10_000

  private var pairs: LoginThrottle<Pair>
  private var networks: LoginThrottle<String>
  private var names: LoginThrottle<String>
  /// When each name last came in from an address.
  private var known: [Pair: Instant] = [:]

  package init(_ limits: Limits = Limits()) {
    pairs = LoginThrottle(limits.perNameAndAddress)
    networks = LoginThrottle(limits.perAddress)
    names = LoginThrottle(limits.perName)
  }

  /// Counts an attempt, unless it comes too early: then what is left to wait, and whether that is news.
  /// - Parameter name: of whom, in the one spelling that it has here.
  package mutating func attempt(
    _ name: String, from address: NetworkAddress, at now: Instant
  ) -> (duration: Duration, isNews: Bool)? {
    let pair = Pair(name: name, network: address.network)
    let isKnown = address.isLoopback || known[pair] != nil
    let waits = [
      pairs.wait(for: pair, at: now).map { ($0.duration, $0.isNews) },
      networks.wait(for: address.network, at: now).map { ($0.duration, $0.isNews) },
      isKnown ? nil : names.wait(for: name, at: now).map { ($0.duration, $0.isNews) },
    ].compactMap(\.self)
    if let longest = waits.map(\.0).max() { return (longest, waits.contains(where: \.1)) }
    pairs.count(pair, at: now)
    networks.count(address.network, at: now)
    names.count(name, at: now)
    return nil
  }

  /// The attempt that was counted last has succeeded.
  package mutating func succeed(_ name: String, from address: NetworkAddress, at now: Instant) {
    let pair = Pair(name: name, network: address.network)
    pairs.succeed(pair)
    networks.takeBack(address.network)
    names.takeBack(name)
    if known[pair] == nil, known.count >= Self.knownCapacity, let oldest = known.min(by: { $0.value < $1.value }) {
      known[oldest.key] = nil
    }
    known[pair] = now
  }
}
