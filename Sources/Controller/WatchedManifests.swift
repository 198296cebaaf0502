import Foundation
import Manifests

/// The manifests of the control loop: read again when a file among them changed.
struct WatchedManifests {
  /// What tells two versions of a file apart without reading it.
  private struct Stamp: Equatable {
    /// Behind every link: a mounted volume is replaced by turning a link.
    var path: String
    var modified: Date?
    var size: Int?

    init(of file: String) {
      path = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      modified = attributes?[.modificationDate] as? Date
      size = attributes?[.size] as? Int
    }
  }

  private let paths: [String]
  private let compile: @Sendable ([String]) async -> Compilation
  private var stamps: [Stamp]?

  init(paths: [String], compile: @escaping @Sendable ([String]) async -> Compilation) {
    self.paths = paths
    self.compile = compile
  }

  /// The compilation, when something changed since the last call; nil when nothing did.
  mutating func changed() async -> Compilation? {
    // Before the files are read: what changes meanwhile is seen the next time.
    let current = ManifestFolder.contents(of: paths).sources.filter { $0.content == .file }.map { Stamp(of: $0.path) }
    guard current != stamps else { return nil }
    stamps = current
    return await compile(paths)
  }
}
