import Foundation

/// Whose signatures on commits are trusted.
package struct GitVerification: Sendable {
  /// Principals and their ssh keys, as `ssh-keygen` reads them (`man ssh-keygen`, ALLOWED SIGNERS).
  private let allowedSigners: String?
  /// A home folder of GnuPG: the keys in it are trusted, whatever it says of their owners.
  private let keyring: String?

  package init(allowedSigners: String? = nil, keyring: String? = nil) {
    self.allowedSigners = allowedSigners.map { URL(fileURLWithPath: $0).path }
    self.keyring = keyring.map { URL(fileURLWithPath: $0).path }
  }

  /// Checks the signature of a commit.
  /// - Parameter empty: a folder to look for keys in when there is no keyring, instead of the user's.
  func check(_ commit: String, in mirror: GitMirror, empty: String) async throws(SourceProblem) {
    let settings = ["gpg.ssh.allowedSignersFile=\(allowedSigners ?? "/dev/null")", "gpg.ssh.program=ssh-keygen"]
    let home = ["GNUPGHOME": keyring ?? empty]
    let format = ["log", "-1", "--no-show-signature", "--format=%G?%n%GF%n%GS", commit]
    let told: Data
    do throws(GitProgram.Failure) {
      told = try await mirror.git(format, settings: settings.flatMap { ["-c", $0] }, with: home)
    } catch {
      throw SourceProblem(
        .unsigned, "the signature of commit \(commit.prefix(12)) cannot be checked: \(error)", commit: commit)
    }
    let lines = String(decoding: told, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let verdict = lines.first.map(String.init) ?? "N"
    let isShellKey = lines.count > 1 && lines[1].hasPrefix("SHA256:")
    // A key of the keyring is trusted because it is there; an ssh key needs a principal that may sign.
    guard verdict == "G" || (verdict == "U" && !isShellKey) else {
      throw SourceProblem(
        .unsigned, "commit \(commit.prefix(12)) \(Self.words(verdict)): it is not taken", commit: commit)
    }
  }

  /// As `git log` explains `%G?`.
  private static func words(_ verdict: String) -> String {
    switch verdict {
    case "B": "has a signature that is wrong"
    case "U": "is signed with a key that is not among the trusted ones"
    case "X": "has a signature that has expired"
    case "Y": "is signed with a key that has expired"
    case "R": "is signed with a key that was revoked"
    case "E": "is signed with a key that is not among the trusted ones, or one that cannot be checked"
    default: "is not signed"
    }
  }
}
