import Foundation

/// Who changed a document of the manifests last, as the repository tells it.
package struct ManifestChange: Hashable, Sendable {
  /// The whole id of the commit.
  package var commit: String
  /// `Name <address>`.
  package var author: String
  package var time: Date
  /// The first line of the commit's message.
  package var subject: String

  package init(commit: String, author: String, time: Date, subject: String) {
    self.commit = commit
    self.author = author
    self.time = time
    self.subject = subject
  }
}
