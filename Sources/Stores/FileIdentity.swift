import Foundation

/// Which file it is, whatever it is called: what takes the place of a file has another identity, under the same name.
package struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// - Returns: nil where there is no file.
  package init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}

/// A file that is open, and whether it is still the one at its path. SQLite goes on with a file that was removed as if
/// nothing had happened, and all that is written to it is gone when the last process closes it.
struct OpenedFile: Sendable {
  private let path: String
  private let identity: FileIdentity?

  /// - Parameter path: of a file that has just been opened.
  init(_ path: String) {
    self.path = path
    identity = FileIdentity(of: path)
  }

  /// - Throws: `StoreError` when the file is no longer at its path.
  func check() throws {
    let now = FileIdentity(of: path)
    guard now != identity || now == nil else { return }
    let fate = now == nil ? "was removed" : "was replaced by another file"
    throw StoreError(
      .unavailable,
      "\(path) \(fate) while it was in use, so nothing is written any more. Stop all that use it, put it back if there is "
        + "a copy, and start again.")
  }
}
