import Crypto
import Foundation

extension GitSource {
  /// Which branch of which repository, and how to come by it.
  package struct Settings: Sendable {
    package var remote: GitRemote
    /// `main`, or a full name: `refs/tags/v1`.
    package var ref: String
    /// The part of the repository that holds the manifests; empty for all of it.
    package var directory: String
    package var credentials = GitCredentials()
    /// nil takes commits that are not signed, too.
    package var verification: GitVerification?
    /// Between two looks, in seconds.
    package var interval: TimeInterval = 60
    /// Of one call of git, in seconds.
    package var timeout: TimeInterval = 120
    /// Where mirror and checkouts are kept, those of each repository in a folder of their own.
    package var workFolder = ".rollcall/git"

    /// - Throws: a refusal for a reference or a folder that cannot be one.
    package init(remote: GitRemote, ref: String = "main", directory: String = "") throws(GitRemote.Refusal) {
      self.remote = remote
      self.ref = try Self.fullName(ref)
      self.directory = try Self.relative(directory)
    }

    /// As people call it.
    var branch: String {
      let prefix = "refs/heads/"
      return ref.hasPrefix(prefix) ? String(ref.dropFirst(prefix.count)) : ref
    }

    /// A name for the folder of these manifests.
    var key: String {
      let digest = SHA256.hash(data: Data("\(remote.url)\n\(ref)\n\(directory)".utf8))
      return digest.prefix(6).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// `man git-check-ref-format`, as far as it could do harm.
    private static func fullName(_ ref: String) throws(GitRemote.Refusal) -> String {
      let special = "~^:?*[\\\u{7F}".unicodeScalars
      let isPlain = ref.unicodeScalars.allSatisfy { $0.value > 32 && !special.contains($0) }
      guard !ref.isEmpty, isPlain, !ref.hasPrefix("-"), !ref.contains(".."), !ref.contains("@{"), !ref.hasSuffix("/")
      else {
        throw GitRemote.Refusal(description: "\"\(ref)\" is no name of a branch or a tag")
      }
      return ref.hasPrefix("refs/") ? ref : "refs/heads/\(ref)"
    }

    private static func relative(_ directory: String) throws(GitRemote.Refusal) -> String {
      let parts = directory.split(separator: "/").filter { $0 != "." }
      guard !directory.hasPrefix("/"), !parts.contains("..") else {
        throw GitRemote.Refusal(description: "\"\(directory)\" is no folder within the repository")
      }
      return parts.joined(separator: "/")
    }
  }
}
