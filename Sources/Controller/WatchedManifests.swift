import Foundation
import Manifests

/// The manifests of the control loop: read again when a file among them changed.
struct WatchedManifests {
  private let paths: [String]
  private let compile: @Sendable ([String]) async -> Compilation
  private var fingerprint: [String: FileStamp]?

  struct FileStamp: Equatable {
    var modified: Date
    var size: Int
  }

  init(paths: [String], compile: @escaping @Sendable ([String]) async -> Compilation) {
    self.paths = paths
    self.compile = compile
  }

  /// The compilation, when something changed since the last call; nil when nothing did.
  mutating func changed() async -> Compilation? {
    let current = Self.fingerprint(of: paths)
    guard current != fingerprint else { return nil }
    fingerprint = current
    return await compile(paths)
  }

  private static func fingerprint(of paths: [String]) -> [String: FileStamp] {
    var stamps: [String: FileStamp] = [:]
    for file in paths.flatMap(files) {
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: file) else { continue }
      stamps[file] = FileStamp(
        modified: attributes[.modificationDate] as? Date ?? .distantPast, size: attributes[.size] as? Int ?? 0)
    }
    return stamps
  }

  private static func files(below path: String) -> [String] {
    let inside = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return [path] + inside.map { "\(path)/\($0)" }
  }
}
