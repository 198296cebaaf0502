import Foundation

/// A bare repository of our own that follows one branch of another.
struct GitMirror: Sendable {
  /// Where the branch stands that is followed.
  private static let head = "refs/rollcall/head"

  let program: GitProgram
  let path: String

  /// Runs git in the mirror.
  @discardableResult
  func git(
    _ arguments: [String], settings: [String] = [], with extra: [String: String] = [:], protocols: String = ""
  ) async throws(GitProgram.Failure) -> Data {
    try await program.output(settings + ["--git-dir", path] + arguments, with: extra, protocols: protocols)
  }

  /// Makes the mirror when there is none, or when what is there is none. Locks that a killed git left are taken away:
  /// nobody else works in here.
  func prepare() async throws(GitProgram.Failure) {
    if FileManager.default.fileExists(atPath: path + "/HEAD") {
      removeLocks()
      let answer = try await program.answer(["--git-dir", path, "rev-parse", "--is-bare-repository"])
      if answer.status == 0 { return }
      try? FileManager.default.removeItem(atPath: path)
    }
    try await program.output(["init", "--quiet", "--bare", "--template=", "--", path])
  }

  /// Brings what is new at the origin.
  /// - Parameter ref: a full name: `refs/heads/main`.
  /// - Returns: the id of the commit at the end of the branch.
  func fetch(
    _ remote: GitRemote, ref: String, with credentials: [String: String]
  ) async throws(GitProgram.Failure) -> String {
    try await git(
      [
        "fetch", "--quiet", "--force", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--",
        remote.url, "+\(ref):\(Self.head)",
      ], with: credentials, protocols: remote.transport.rawValue)
    let id = String(decoding: try await git(["rev-parse", "--verify", "\(Self.head)^{commit}"]), as: UTF8.self)
    return id.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func revision(of commit: String) async throws(GitProgram.Failure) -> ManifestRevision {
    let told = try await git(["log", "-1", "--no-show-signature", ManifestRevision.format, commit])
    guard let revision = ManifestRevision(told: String(decoding: told, as: UTF8.self)) else {
      throw GitProgram.Failure(description: "git says nothing of commit \(commit)")
    }
    return revision
  }

  /// Whether everything in the history of one commit is in that of the other.
  func isAncestor(_ earlier: String, of later: String) async -> Bool {
    let arguments = ["--git-dir", path, "merge-base", "--is-ancestor", earlier, later]
    return (try? await program.answer(arguments))?.status == 0
  }

  /// Puts many small packs into one, when there are many. Untidy is not wrong: a failure is no matter.
  func tidy() async {
    _ = try? await git(
      ["gc", "--auto", "--quiet"], settings: ["-c", "gc.auto=6700", "-c", "gc.autoDetach=false"])
  }

  private func removeLocks() {
    for place in ["", "/refs/rollcall"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path + place)) ?? []
      for name in names where name.hasSuffix(".lock") {
        try? FileManager.default.removeItem(atPath: "\(path)\(place)/\(name)")
      }
    }
  }
}

extension ManifestRevision {
  /// What `git log` is to tell of a commit.
  static let format = "--format=%H%n%an <%ae>%n%ct%n%s"

  /// - Parameter text: what git told in that format; nil when it told something else.
  init?(told text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.count >= 4, let seconds = TimeInterval(lines[2]) else { return nil }
    self.init(commit: lines[0], author: lines[1], time: Date(timeIntervalSince1970: seconds), subject: lines[3])
  }
}
