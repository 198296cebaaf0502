import GRDB
import LocalDirectory

/// Why a file of ours cannot be used, in words that name the file and a way out.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// Another process writes for longer than we wait.
    case locked
    case corrupt
    /// The disk or a quota.
    case full
    /// Not SQLite, or SQLite of somebody else.
    case notADatabase
    /// Written by a newer release.
    case newer
    /// Missing rights, a missing folder, a failing disk.
    case unavailable
  }

  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var description: String { message }

  /// The database has ended a transaction without telling any of its writers.
  static let transactionEnded = StoreError(.unavailable, "The database gave up what was being written. Try again.")
}

extension StoreError: PassingFailure {
  package var mayPass: Bool {
    switch kind {
    case .locked, .full, .unavailable: true
    case .corrupt, .notADatabase, .newer: false
    }
  }
}

extension StoreError {
  /// What SQLite reports about the file at this path; nil for errors that are not SQLite's.
  init?(_ error: any Error, path: String) {
    guard let error = error as? DatabaseError else { return nil }
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.locked, "\(path) is locked by another process. Wait until it has finished, or stop it, and try again.")
    case .SQLITE_CORRUPT:
      self.init(.corrupt, "\(path) is damaged (\(reason)). Restore it from a backup, or move it away to start anew.")
    case .SQLITE_NOTADB:
      self.init(.notADatabase, "\(path) is not an SQLite database. Name another file, or move this one away.")
    case .SQLITE_FULL:
      self.init(.full, "There is no space left to write \(path). Free some space and try again; nothing was lost.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .unavailable,
        "\(path) cannot be written (\(reason)). Give this user the right to write the file and its folder.")
    default:
      self.init(.unavailable, "\(path) cannot be used (\(reason)). Check that its folder exists and the disk is sound.")
    }
  }

  /// A PostgreSQL that cannot be connected to.
  init(unreachable address: PostgreSQLAddress, _ reason: String) {
    self.init(
      .unavailable,
      "\(address) cannot be reached (\(address.shown(reason))). Check the address, and that the database accepts it.")
  }

  /// A connection that broke while it was used.
  init(lost address: PostgreSQLAddress, _ reason: String) {
    self.init(
      .unavailable,
      "The connection to \(address) was lost (\(address.shown(reason))). The next request connects again; whether a write under way was made is not known."
    )
  }

  /// What PostgreSQL reports about a statement, by its SQLSTATE.
  init(state: String, _ address: PostgreSQLAddress, _ reason: String) {
    let reason = address.shown(reason)
    switch state {
    case "55P03":
      self.init(.locked, "Another server writes to \(address) for too long. Wait until it has finished, and try again.")
    case "53100":
      self.init(.full, "There is no space left to write \(address). Free some space and try again; nothing was lost.")
    case "XX001", "XX002":
      self.init(.corrupt, "\(address) is damaged (\(reason)). Restore it from a backup.")
    case "42501":
      self.init(
        .unavailable, "\(address) refuses (\(reason)). Give this user the right to make and write tables there.")
    default: self.init(.unavailable, "\(address) cannot be used (\(reason)).")
    }
  }

  /// The error as this room reports it: SQLite's in our words, all others as they are.
  static func translated(_ error: any Error, path: String) -> any Error {
    StoreError(error, path: path) ?? error
  }

  /// A row that does not hold what we wrote there.
  static func unreadable(_ what: String, path: String) -> StoreError {
    StoreError(
      .corrupt, "\(path) is damaged: \(what) cannot be read. Restore it from a backup, or move it away to start anew.")
  }
}
