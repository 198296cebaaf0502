import Foundation

/// Writes manifest files in place.
package enum ManifestFile {
  /// Replaces the contents of a file at once: whoever reads meanwhile sees the old or the new file. Its mode stays, and a
  /// symbolic link goes on to lead to it.
  ///
  /// - Throws: the file system's error; the file is then as it was.
  package static func replace(_ path: String, with bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let mode = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions]
    let draft = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).\(UUID().uuidString)")
    do {
      try Data(bytes).write(to: draft, options: .withoutOverwriting)
      if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: draft.path) }
      guard rename(draft.path, url.path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    } catch {
      try? FileManager.default.removeItem(at: draft)
      throw error
    }
  }
}
