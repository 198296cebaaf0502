import Foundation
import LocalDirectory
import OpenID
import Reports
import Stores

/// All that a server keeps, in one place.
typealias ServerStore = DirectoryStore & TokenStore & AccessLog & ProvisioningStore & ProviderStore

/// Where an embedded directory is kept, as `--store` and `store:` say it. Its description may be shown.
enum DirectoryPlace: CustomStringConvertible {
  case file(String)
  case database(PostgreSQLAddress)

  /// `postgresql://user@host/database`, or the path of an SQLite file.
  /// - Throws: ``CommandFailure`` for another address.
  init(_ text: String) throws {
    self = try PostgreSQLAddress(ofPlace: text).map(DirectoryPlace.database) ?? .file(text)
  }

  static let `default` = ".rollcall/directory.sqlite"

  var description: String {
    switch self {
    case .file(let path): path
    case .database(let address): address.description
    }
  }

  /// The folder for what belongs to the directory and is kept in files: certificates.
  var folder: URL {
    let path = if case .file(let path) = self { path } else { Self.default }
    return URL(fileURLWithPath: path).deletingLastPathComponent()
  }

  /// Where SQLite keeps its side files, too: the file that a link leads to.
  private var file: URL? {
    if case .file(let path) = self { URL(fileURLWithPath: path).resolvingSymlinksInPath() } else { nil }
  }

  /// - Throws: ``CommandFailure`` where this user may only read, which is no place for a server: every write would fail.
  func expectWritable() throws {
    guard let file,
      let closed = [file, file.deletingLastPathComponent()].first(where: {
        FileAccess(to: $0.path, for: W_OK) == .denied
      })
    else { return }
    throw CommandFailure(
      .unexpected, "\(closed.path) cannot be written", hint: "give this user the right to write the file and its folder"
    )
  }

  /// Has all in one file before a process ends that kept it open.
  func settle() {
    if let file { SQLiteSideFile.merge(into: file.path) }
  }

  /// - Throws: `StoreError`.
  func open() throws -> any ServerStore {
    switch self {
    case .file(let path): try SQLiteDirectoryStore(path: path)
    case .database(let address): try PostgreSQLDirectoryStore(address)
    }
  }
}
