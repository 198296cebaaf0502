import Foundation
import JSON

/// What we own at one endpoint: which remote id belongs to which manifest, and what we last wrote there. It says what is
/// ours, never what is there; lost, it is rebuilt by matching.
package struct Ledger: Sendable {
  package struct Entry: Hashable, Sendable {
    package enum Origin: String, Sendable { case created, adopted }

    package var key: ResourceKey
    package var remoteID: String
    package var origin: Origin
    /// The attributes as we last wrote or confirmed them, members included, references by `bulkId:`; no secrets.
    package var applied: JSONObject
    /// Of each write-only value that we set: attribute path to a keyed digest of the value.
    package var secretDigests: [String: String]
    /// What removal of the manifest means, remembered from when it was there.
    package var onRemoval: Lifecycle.Removal
    /// In seconds.
    package var grace: TimeInterval
    /// When we disabled it because its manifest was removed.
    package var disabledAt: Date?
    package var updatedAt: Date

    package init(
      key: ResourceKey, remoteID: String, origin: Origin, applied: JSONObject, secretDigests: [String: String] = [:],
      onRemoval: Lifecycle.Removal = .disableThenDelete, grace: TimeInterval = 30 * 86_400, disabledAt: Date? = nil,
      updatedAt: Date
    ) {
      self.key = key
      self.remoteID = remoteID
      self.origin = origin
      self.applied = applied
      self.secretDigests = secretDigests
      self.onRemoval = onRemoval
      self.grace = grace
      self.disabledAt = disabledAt
      self.updatedAt = updatedAt
    }

    /// Who belongs to the group or role, as we last wrote or confirmed it.
    package var members: [ResourceKey] {
      (applied[EndpointPass.recordedMembers]?.array ?? []).compactMap(\.string).compactMap(ResourceKey.init(bulkId:))
    }
  }

  package private(set) var entries: [ResourceKey: Entry]
  /// Creates that were begun and whose answer never came: what is found under these keys is our own work.
  package var begun: Set<ResourceKey> = []

  package init(_ entries: [Entry] = []) {
    self.entries = Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
  }

  package subscript(key: ResourceKey) -> Entry? {
    get { entries[key] }
    set { entries[key] = newValue }
  }
}

/// Keeps ledgers, and takes what the journal is to hold. Every call is one transaction and durable when it returns.
package protocol LedgerStorage: Sendable {
  func ledger(of endpoint: String) async throws -> Ledger
  /// Replaces the entries with these keys.
  func save(_ entries: [Ledger.Entry], at endpoint: String) async throws
  func forget(_ keys: [ResourceKey], at endpoint: String) async throws
  /// Says that a run begins, before it does anything.
  func begin(_ run: RunHeader) async throws
  func append(_ records: [JournalRecord]) async throws
  /// Says what became of a run.
  func end(_ run: RunEnd) async throws
  /// Intents that have no fact, oldest first: what was in flight when a run died.
  func openIntents(at endpoint: String) async throws -> [JournalRecord]
  /// The key of this state for digests of secrets; made on first use.
  func digestKey() async throws -> [UInt8]
}
