import Crypto

/// Secrets that were verified a moment ago, so that a client which sends its password with every request pays for the slow
/// hash once. Holds keyed digests only, and each is good for the version of the account that it was verified for: a new
/// password, or any other change of the account by whatever process, makes it void.
struct VerifiedPasswords: Sendable {
  typealias Instant = ContinuousClock.Instant

  struct Digest: Hashable, Sendable {
    fileprivate let bytes: [UInt8]
  }

  struct Entry: Sendable {
    let id: String
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

  func digest(_ login: Login) -> Digest {
    var code = HMAC<SHA256>(key: key)
    // The length keeps the parts apart: ("ab", "c") is not ("a", "bc").
    code.update(data: Array("\(login.kind):\(login.name.utf8.count):\(login.name)\(login.secret)".utf8))
    return Digest(bytes: Array(code.finalize()))
  }

  func entry(_ digest: Digest, at now: Instant) -> Entry? {
    entries[digest].flatMap { now < $0.expiry ? $0 : nil }
  }

  mutating func insert(_ digest: Digest, _ account: Account, at now: Instant) {
    if entries.count >= capacity { entries = entries.filter { now < $0.value.expiry } }
    if entries.count >= capacity { entries.removeAll() }
    entries[digest] = Entry(id: account.id, version: account.version, expiry: now + lifetime)
  }

  mutating func remove(_ digest: Digest) { entries[digest] = nil }
}
