import Controller
import Foundation

extension Workspace {
  /// Who is named in the journal for what a command does: the setting `actor`, the person whom a CI system works for, or
  /// the user and the machine.
  func author(verb: String) -> RunAuthor { RunAuthor(verb: verb, actor: actor) }

  /// Who runs this: as a continuous integration system names its actor, or the user on this machine.
  var actor: String {
    let told = [
      settings.string("actor", nil), settings.environment["GITHUB_ACTOR"], settings.environment["GITLAB_USER_LOGIN"],
    ]
    return told.lazy.compactMap { $0 }.first { !$0.isEmpty } ?? "\(userName)@\(Self.hostName)"
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
