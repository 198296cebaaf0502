import Crypto

/// Passwords that were verified a moment ago, so that a client which sends its password with every request pays for the slow
/// hash once. Holds keyed digests only, and each is good for the version of the user that it was verified for: a new
/// password, or any other change of the user, makes it void.
struct VerifiedPasswords: Sendable {
  typealias Instant = ContinuousClock.Instant

  struct Digest: Hashable, Sendable {
    fileprivate let bytes: [UInt8]
  }

  struct Entry: Sendable {
    let userID: String
    let version: String?
    fileprivate let expiry: Instant
  }

  /// Made for this process: the digests are worth nothing elsewhere.
  private let key = SymmetricKey(size: .bits256)
  private let lifetime: Duration
  private let capacity: Int
  private var entries: [Digest: Entry] = [:]

  init(lifetime: Duration = .seconds(60), capacity: Int = 1000) {
    self.lifetime = lifetime
    self.capacity = capacity
  }

  func digest(userName: String, password: String) -> Digest {
    var code = HMAC<SHA256>(key: key)
    // The length keeps the parts apart: ("ab", "c") is not ("a", "bc").
    code.update(data: Array("\(userName.utf8.count):\(userName)\(password)".utf8))
    return Digest(bytes: Array(code.finalize()))
  }

  func entry(_ digest: Digest, at now: Instant) -> Entry? {
    entries[digest].flatMap { now < $0.expiry ? $0 : nil }
  }

  mutating func insert(_ digest: Digest, userID: String, version: String?, at now: Instant) {
    if entries.count >= capacity { entries = entries.filter { now < $0.value.expiry } }
    if entries.count >= capacity { entries.removeAll() }
    entries[digest] = Entry(userID: userID, version: version, expiry: now + lifetime)
  }

  mutating func remove(_ digest: Digest) { entries[digest] = nil }
}
