import Foundation

/// The right of one run to change an endpoint, for a limited time. Its token grows with every lease of the endpoint: what
/// is written under an older one is refused, so that a run that slept through the end of its lease does no harm.
package struct Lease: Hashable, Sendable {
  package var endpoint: String
  package var holder: LeaseHolder
  package var token: Int
  /// Since when, and until when, by the clock of the database.
  package var since: Date
  package var expires: Date

  package init(endpoint: String, holder: LeaseHolder, token: Int, since: Date, expires: Date) {
    self.endpoint = endpoint
    self.holder = holder
    self.token = token
    self.since = since
    self.expires = expires
  }
}

/// Who holds a lease.
package struct LeaseHolder: Hashable, Sendable {
  /// As people know it: `alice@build-7 (apply)`.
  package var name: String
  /// Tells holders of the same name apart, and says which process it is.
  package var id: String

  package init(name: String, id: String) {
    self.name = name
    self.id = id
  }
}

/// Why a run must not, or must no longer, change an endpoint.
package enum LeaseError: Error, Hashable, Sendable {
  /// Others hold leases of endpoints that are asked for.
  case held([Lease])
  /// The lease of this endpoint has gone to another, or was never there.
  case lost(endpoint: String)
}

/// Keeps the leases of endpoints.
package protocol LeaseStorage: Sendable {
  /// Takes the leases of these endpoints, all or none.
  /// - Parameter isGone: whether a holder is known to have ended without giving its lease back; asked while the storage
  ///   is locked.
  /// - Throws: `LeaseError.held`, and what the storage throws.
  func acquire(
    _ endpoints: [String], for holder: LeaseHolder, lasting duration: Duration,
    evicting isGone: @escaping @Sendable (LeaseHolder) -> Bool
  ) async throws -> [Lease]
  /// Extends leases from now.
  /// - Throws: `LeaseError.lost` for the first that another holds now; one that has run out and nobody took is ours still.
  func renew(_ leases: [Lease], lasting duration: Duration) async throws -> [Lease]
  /// Gives leases back; those that are lost already stay as they are.
  func release(_ leases: [Lease]) async throws
  /// Those in force, by endpoint.
  func leases() async throws -> [Lease]
  /// Those that ran out and were not given back, by endpoint: their holders ended in the middle of a run.
  func lapsedLeases() async throws -> [Lease]
  /// The same storage, writing only as long as these leases are the latest of their endpoints: looked at within the
  /// transaction of each write, which throws `LeaseError.lost`. Of a run only its end is written without.
  func ledgers(under leases: [Lease]) -> any LedgerStorage
}
