import Foundation

/// Commits of a mirror as folders, one each, complete or not there at all.
struct GitCheckout: Sendable {
  /// The modes of `git ls-tree`.
  private static let link = "120000"
  private static let submodule = "160000"

  let mirror: GitMirror
  /// Where the folders are.
  let folder: String
  /// The part of the repository that holds the manifests; empty for all of it.
  let directory: String

  func path(of commit: String) -> String { "\(folder)/\(commit)" }

  /// Where the manifests of a commit are.
  func manifests(of commit: String) -> String {
    directory.isEmpty ? path(of: commit) : "\(path(of: commit))/\(directory)"
  }

  func has(_ commit: String) -> Bool { FileManager.default.fileExists(atPath: path(of: commit)) }

  /// Makes the folder of a commit.
  /// - Throws: a problem when there are no manifests where they are to be, or something among them leads elsewhere.
  @concurrent func make(_ commit: String) async throws(SourceProblem) {
    guard !has(commit) else { return }
    let temporary = "\(folder)/.new-\(UUID().uuidString)"
    defer {
      for path in [temporary, temporary + ".index"] { try? FileManager.default.removeItem(atPath: path) }
    }
    do {
      try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
      let entries = try await entries(of: commit)
      try checkSubmodules(entries, commit)
      let index = ["GIT_INDEX_FILE": temporary + ".index"]
      try await mirror.git(["read-tree", commit], with: index)
      try await mirror.git(["--work-tree", temporary, "checkout-index", "--all", "--force", "--quiet"], with: index)
      try checkLinks(entries, in: temporary, commit)
      try checkDirectory(in: temporary, commit)
      try FileManager.default.moveItem(atPath: temporary, toPath: path(of: commit))
    } catch let problem as SourceProblem {
      throw problem
    } catch {
      throw SourceProblem(.unacceptable, "commit \(commit.prefix(12)) cannot be checked out: \(error)", commit: commit)
    }
  }

  /// Removes every folder but these.
  func removeAll(except commits: Set<String>) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !commits.contains(name) {
      try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
  }

  private typealias Entry = (mode: String, path: String)

  private func entries(of commit: String) async throws(GitProgram.Failure) -> [Entry] {
    let listing = try await mirror.git(["ls-tree", "-r", "-z", "--full-tree", commit])
    return listing.split(separator: 0).compactMap { line in
      let text = String(decoding: line, as: UTF8.self)
      guard let tab = text.firstIndex(of: "\t"), let mode = text.split(separator: " ").first else { return nil }
      return (String(mode), String(text[text.index(after: tab)...]))
    }
  }

  private func isAmongManifests(_ path: String) -> Bool {
    directory.isEmpty || path == directory || path.hasPrefix(directory + "/")
  }

  private func checkSubmodules(_ entries: [Entry], _ commit: String) throws(SourceProblem) {
    guard let found = entries.first(where: { $0.mode == Self.submodule && isAmongManifests($0.path) }) else { return }
    throw SourceProblem(
      .unacceptable,
      "commit \(commit.prefix(12)): \(found.path) is a submodule, which is not followed: "
        + "have the files in the repository itself", commit: commit)
  }

  /// A link that leads out of the checkout, or nowhere, is refused among the manifests and not made elsewhere.
  private func checkLinks(_ entries: [Entry], in root: String, _ commit: String) throws {
    let home = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
    for entry in entries where entry.mode == Self.link {
      let path = "\(root)/\(entry.path)"
      let target = Self.realPath(path)
      if let target, target == home || target.hasPrefix(home + "/") { continue }
      guard !isAmongManifests(entry.path) else {
        throw SourceProblem(
          .unacceptable,
          "commit \(commit.prefix(12)): the link \(entry.path) leads "
            + (target == nil ? "nowhere" : "out of the repository"), commit: commit)
      }
      try FileManager.default.removeItem(atPath: path)
    }
  }

  private func checkDirectory(in root: String, _ commit: String) throws(SourceProblem) {
    guard !directory.isEmpty, !FileManager.default.fileExists(atPath: "\(root)/\(directory)") else { return }
    throw SourceProblem(
      .unacceptable,
      "commit \(commit.prefix(12)) has no folder \(directory), which nobody can approve: name it with --path if it has "
        + "moved; to have nobody in it, leave the documents of the endpoints there; to look after nothing any more, stop "
        + "the controller", commit: commit)
  }

  /// Where a path leads in the end; nil when that is nowhere.
  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
