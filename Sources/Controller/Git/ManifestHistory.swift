import Foundation
import Reconciliation

/// Who changed what in the manifests last, and which commit they are: from the repository of a working folder, or from a
/// mirror at one commit. Outside a repository there is nothing to tell, and that is no fault.
package actor ManifestHistory {
  /// Where git is asked.
  private enum Place {
    case workingFolder
    case mirror(GitMirror, commit: String, root: String)
  }

  /// How many documents one call of git is asked for.
  private static let batch = 200

  private let place: Place
  private let program: GitProgram
  private var cache: [SourceLocation: ManifestRevision?] = [:]
  private var cachedAt: [String: String] = [:]

  /// The history of files in working folders.
  /// - Parameter environment: ours, for git.
  package init(environment: [String: String]) {
    place = .workingFolder
    var program = GitProgram(environment: environment, timeout: 60)
    program.takesUserSettings = true
    self.program = program
  }

  init(of mirror: GitMirror, at commit: String, checkedOutAt root: String) {
    place = .mirror(mirror, commit: commit, root: root)
    program = mirror.program
  }

  /// The commit of the working folder that the first of these paths is in; nil outside a repository, or before the first
  /// commit.
  package func revision(of paths: [String]) async -> ManifestRevision? {
    if case .mirror(let mirror, let commit, _) = place { return try? await mirror.revision(of: commit) }
    guard let path = paths.first(where: { $0 != "-" }) else { return nil }
    let folder = Self.folder(of: path)
    let absolute = paths.filter { $0 != "-" }.map { URL(fileURLWithPath: $0).path }
    guard
      let told = await text(["-C", folder, "log", "-1", "--no-show-signature", ManifestRevision.format, "HEAD"]),
      var revision = ManifestRevision(told: told)
    else { return nil }
    let changes = await text(["-C", folder, "status", "--porcelain", "--"] + absolute)
    revision.isDirty = changes?.isEmpty == false
    return revision
  }

  /// The newest commit that touched the document at each of these places. What was never committed, or lies outside a
  /// repository, is left out.
  package func lastChanges(of locations: [SourceLocation]) async -> [SourceLocation: ManifestRevision] {
    for (file, places) in Dictionary(grouping: Set(locations), by: \.file) {
      let stamp = await stamp(of: file)
      if cachedAt[file] != stamp { cache = cache.filter { $0.key.file != file } }
      cachedAt[file] = stamp
      let missing = places.filter { cache[$0] == nil }.sorted()
      for start in stride(from: 0, to: missing.count, by: Self.batch) {
        await blame(file, Array(missing[start..<min(start + Self.batch, missing.count)]))
      }
    }
    return locations.reduce(into: [:]) { found, location in found[location] = cache[location] ?? nil }
  }

  // MARK: Blame

  private func blame(_ file: String, _ places: [SourceLocation]) async {
    for place in places { cache[place] = .some(nil) }
    guard let bytes = FileManager.default.contents(atPath: path(of: file)) else { return }
    let extents = DocumentExtents(of: bytes)
    let ranges = places.compactMap { place in extents.extent(at: place.line).map { (place, $0) } }
    guard !ranges.isEmpty else { return }
    let limits = ranges.flatMap { ["-L", "\($0.1.lowerBound),\($0.1.upperBound)"] }
    guard let told = await text(place(of: file, limits)) else { return }
    let blame = Blame(porcelain: told)
    for (place, lines) in ranges { cache[place] = .some(blame.newest(in: lines)) }
  }

  private func place(of file: String, _ limits: [String]) -> [String] {
    let blame = ["blame", "--porcelain"] + limits
    switch place {
    case .workingFolder:
      let absolute = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
      return ["-C", Self.folder(of: absolute)] + blame + ["--", absolute]
    case .mirror(let mirror, let commit, _): return ["--git-dir", mirror.path] + blame + [commit, "--", file]
    }
  }

  private func path(of file: String) -> String {
    if case .mirror(_, _, let root) = place { "\(root)/\(file)" } else { file }
  }

  /// What says that the answers for a file may have changed.
  private func stamp(of file: String) async -> String {
    guard case .workingFolder = place else { return "" }
    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
    let modified = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    let head = await text(["-C", Self.folder(of: file), "rev-parse", "--verify", "HEAD"]) ?? ""
    return "\(head) \(modified) \(attributes?[.size] as? Int ?? 0)"
  }

  private func text(_ arguments: [String]) async -> String? {
    (try? await program.output(arguments)).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func folder(of path: String) -> String {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let url = URL(fileURLWithPath: path)
    return exists && isFolder.boolValue ? url.path : url.deletingLastPathComponent().path
  }
}
