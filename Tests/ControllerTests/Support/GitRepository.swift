import Foundation

@testable import Controller

/// A real repository with a working folder, made by the git of this machine with settings of its own.
final class GitRepository: Sendable {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let folder: TemporaryFolder

  init(branch: String = "main") throws {
    folder = try TemporaryFolder()
    try git("init", "--quiet", "--initial-branch", branch)
  }

  var path: String { folder.path }

  /// Runs git in the working folder.
  /// - Returns: what it says, without white space around it.
  @discardableResult
  func git(_ arguments: String..., as author: String = "Ada") throws -> String { try git(arguments, as: author) }

  private func git(_ arguments: [String], as author: String, with extra: [String: String] = [:]) throws -> String {
    let mail = "\(author.lowercased())@corp.example"
    let environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_AUTHOR_NAME": author, "GIT_AUTHOR_EMAIL": mail, "GIT_COMMITTER_NAME": author, "GIT_COMMITTER_EMAIL": mail,
    ]
    var program = Subprogram("git", environment: environment.merging(extra) { $1 })
    program.folder = folder.path
    let answer = try program.run(arguments)
    guard answer.status == 0 else { throw Failure(description: "\(arguments): \(answer.complaint)") }
    return answer.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Commits everything.
  /// - Parameters:
  ///   - files: their contents by path; nil removes one.
  ///   - date: in seconds since 1970.
  ///   - signing: options of git that say with which key; none signs nothing.
  /// - Returns: the id of the commit.
  @discardableResult
  func commit(
    _ files: [String: String?], as author: String = "Ada", date: Int = 1_780_000_000, signing: [String] = []
  ) throws -> String {
    for (name, text) in files {
      let url = URL(fileURLWithPath: folder.file(name))
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      if let text { try Data(text.utf8).write(to: url) } else { try FileManager.default.removeItem(at: url) }
    }
    try git("add", "--all")
    let commit = ["commit", "--quiet", "--allow-empty", "--message", "By \(author)"]
    let sign = signing.isEmpty ? "--no-gpg-sign" : "--gpg-sign"
    let time = "@\(date) +0000"
    _ = try git(
      signing + commit + [sign], as: author, with: ["GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time])
    return try git("rev-parse", "HEAD")
  }
}

/// The manifest of a user.
func userManifest(_ name: String, department: String = "A") -> String {
  """
  ---
  apiVersion: rollcall/v1
  kind: User
  metadata: {name: \(name)}
  spec:
    userName: \(name)
    enterprise: {department: \(department)}

  """
}
