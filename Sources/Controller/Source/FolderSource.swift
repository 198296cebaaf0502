import Foundation
import Manifests
import Synchronization

/// Files and folders of this machine, read again when a file among them changed.
package final class FolderSource: RevisionSource {
  /// What tells two versions of a file apart without reading it.
  private struct Stamp: Equatable, Sendable {
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

  private struct State {
    var stamps: [Stamp]?
    var isWoken = false
  }

  private let paths: [String]
  private let repository: ManifestHistory?
  private let state = Mutex(State())

  /// - Parameter history: tells the commit of a working folder; nil asks nobody.
  package init(paths: [String], history: ManifestHistory? = nil) {
    self.paths = paths
    repository = history
  }

  package var description: String { "folder \(paths.joined(separator: ", "))" }

  package func refresh() async {}

  package func next() async -> SourceVersion? {
    // Before the files are read: what changes meanwhile is seen the next time.
    let current = ManifestFolder.contents(of: paths).sources.filter { $0.content == .file }.map { Stamp(of: $0.path) }
    let isNews = state.withLock { state in
      defer { (state.stamps, state.isWoken) = (current, false) }
      return state.isWoken || state.stamps != current
    }
    guard isNews else { return nil }
    return SourceVersion(paths: paths, revision: await repository?.revision(of: paths))
  }

  package func wake() { state.withLock { $0.isWoken = true } }

  package func condition() async -> SourceCondition { SourceCondition() }

  package func accepted(_ version: SourceVersion, documents: Int) async {}

  package func remembered() async -> (version: SourceVersion, documents: Int)? { nil }

  package func history() async -> ManifestHistory? { repository }
}
