import Foundation
import GRDB

/// A copy of a directory file as it is at one moment, made while others read and write it.
package struct DirectoryBackup {
  /// What a copy holds.
  package struct Content: Hashable, Sendable {
    package var resources: Int
    package var events: Int
    /// The size of the file.
    package var bytes: Int
  }

  private let path: String

  /// - Parameter path: the directory's file.
  package init(of path: String) { self.path = path }

  /// Makes the copy, which only its owner may read, and checks it.
  /// - Throws: `StoreError`; whatever was made is then gone again.
  package func write(to copy: String) throws -> Content {
    guard FileManager.default.fileExists(atPath: path) else {
      throw StoreError(.unavailable, "There is no directory at \(path). Name its file with --store.")
    }
    do {
      let source = try DatabaseFile.directory(path, patience: 5).openAsItIs()
      try makeFile(copy)
      do {
        try source.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
        return try check(copy)
      } catch {
        try? FileManager.default.removeItem(atPath: copy)
        throw StoreError.translated(error, path: copy)
      }
    } catch {
      throw StoreError.translated(error, path: path)
    }
  }

  /// Made in one step with its rights, so that neither a file of somebody else is overwritten nor others read this one.
  private func makeFile(_ copy: String) throws {
    let descriptor = Foundation.open(copy, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else {
      throw errno == EEXIST
        ? StoreError(.unavailable, "\(copy) is there already. Name another file, or move this one away.")
        : StoreError(.unavailable, "\(copy) cannot be made (\(String(cString: strerror(errno)))).")
    }
    close(descriptor)
  }

  private func check(_ copy: String) throws -> Content {
    var configuration = Configuration()
    configuration.readonly = true
    let content = try DatabaseQueue(path: copy, configuration: configuration).read { db in
      let verdict = try String.fetchOne(db, sql: "PRAGMA integrity_check") ?? ""
      guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
      return Content(
        resources: try Int.fetchOne(db, sql: "SELECT count(*) FROM resource") ?? 0,
        events: try Int.fetchOne(db, sql: "SELECT count(*) FROM event") ?? 0, bytes: 0)
    }
    return Content(resources: content.resources, events: content.events, bytes: try flush(copy))
  }

  /// Waits until the disk has the copy; returns its size.
  private func flush(_ copy: String) throws -> Int {
    do {
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: copy))
      defer { try? file.close() }
      try file.synchronize()
      return Int(try file.seekToEnd())
    } catch {
      throw StoreError(.unavailable, "\(copy) cannot be written (\(error.localizedDescription)).")
    }
  }
}
