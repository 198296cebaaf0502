import Controller
import Foundation

extension Workspace {
  /// Who is named in the journal for what a command does, and for which commit: the settings `actor` and `commit`, what a
  /// CI system says, or else the user and the machine.
  func author(verb: String) -> RunAuthor {
    RunAuthor(
      verb: verb, actor: told("actor", "GITHUB_ACTOR", "GITLAB_USER_LOGIN") ?? "\(userName)@\(Self.hostName)",
      commit: told("commit", "GITHUB_SHA", "CI_COMMIT_SHA"))
  }

  private func told(_ setting: String, _ variables: String...) -> String? {
    ([settings.string(setting, nil)] + variables.map { settings.environment[$0] }).lazy.compactMap { $0 }
      .first { !$0.isEmpty }
  }

  /// A container may run under a number that nobody has given a name.
  private var userName: String {
    let name = NSUserName()
    return name.isEmpty ? "\(getuid())" : name
  }

  /// As the machine calls itself; no name server is asked.
  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return name.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
