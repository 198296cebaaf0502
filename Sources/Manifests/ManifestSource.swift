import Foundation

/// One manifest file, under the name that the user knows it by.
package struct ManifestSource: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// The file at the path of the source: read when it is needed, so that a large folder is never in memory as a whole.
    case file
    /// Standard input, or a text from elsewhere.
    case bytes([UInt8])
  }

  /// As diagnostics show it: `people/platform.yaml`; `-` for standard input.
  package var path: String
  /// Where the file lies in the folder that was named, which policies go by: `groups/aws.yaml`.
  package var place: String
  package var content: Content
  /// What overlays lay over its documents; nil when there are none.
  package var overlays: OverlayStack?

  /// - Parameters:
  ///   - place: nil for the path as it is.
  ///   - bytes: nil for the file at the path.
  package init(path: String, place: String? = nil, bytes: [UInt8]? = nil) {
    self.path = path
    self.place = place ?? path
    content = bytes.map(Content.bytes) ?? .file
  }

  /// - Throws: the file system's error.
  package func bytes() throws -> [UInt8] {
    switch content {
    case .bytes(let bytes): bytes
    case .file:
      if Self.isStream(path) {
        [UInt8](try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).readToEnd() ?? Data())
      } else {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      }
    }
  }

  /// Whether what is at the path is a pipe, or a device, and can be read but once.
  package static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return [S_IFIFO, S_IFCHR, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }
}
