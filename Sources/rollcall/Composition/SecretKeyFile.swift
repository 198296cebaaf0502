import Foundation
import LocalDirectory
import Reports

/// Where the key is that seals the secrets of a directory: in the environment, or in a file beside the store that only
/// its owner may read. It is never in the database, so that a copy of that is worth nothing by itself.
struct SecretKeyFile {
  /// The environment variable that counts before the file.
  static let variable = "ROLLCALL_SECRET_KEY"
  private static let length = 32

  private let path: String

  /// - Parameter folder: of what belongs to the directory and is kept in files.
  init(_ folder: URL) { path = folder.appendingPathComponent("secret.key").path }

  /// The box with the key of the environment or the file, which is made where it is missing.
  func box(_ environment: [String: String]) throws -> SecretBox {
    if let text = environment[Self.variable], !text.isEmpty { return SecretBox(Array(text.utf8)) }
    if let key = FileManager.default.contents(atPath: path) { return try box(key) }
    try make()
    guard let key = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(.unexpected, "\(path) cannot be read: it has the key of the directory's secrets")
    }
    return try box(key)
  }

  private func box(_ key: Data) throws -> SecretBox {
    guard key.count >= Self.length else {
      throw CommandFailure(
        .unexpected, "\(path) is no key: it must have \(Self.length) bytes or more",
        hint: "restore it from where the directory is backed up; without it the secrets of connectors must be set again"
      )
    }
    return SecretBox(Array(key))
  }

  /// In one step with its rights; of processes that start together, the first makes it.
  private func make() throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var generator = SystemRandomNumberGenerator()
    let key = (0..<Self.length).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let draft = path + ".\(ProcessInfo.processInfo.processIdentifier)"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    defer { unlink(draft) }
    guard descriptor >= 0, write(descriptor, key, key.count) == key.count, fsync(descriptor) == 0,
      close(descriptor) == 0
    else {
      throw CommandFailure(
        .unexpected, "\(path) cannot be made (\(String(cString: strerror(errno))))",
        hint: "put a secret into the environment variable \(Self.variable), or make the folder writable")
    }
    // A link that is there already is another process's key, which is as good.
    guard link(draft, path) == 0 || errno == EEXIST else {
      throw CommandFailure(.unexpected, "\(path) cannot be made (\(String(cString: strerror(errno))))")
    }
  }
}
