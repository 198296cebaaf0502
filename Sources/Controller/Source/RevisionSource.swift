import Foundation

/// Where manifests come from, again and again: a folder, or a branch of a Git repository.
package protocol RevisionSource: Sendable {
  /// Where it is, as people know it, without credentials: `folder manifests`.
  var description: String { get }

  /// Looks at the origin when that is due, for as long as a network takes. What it brings is handed out by ``next()``.
  func refresh() async

  /// The newest version when it changed since the last call; nil when it did not. Looks at nothing but this machine.
  func next() async -> SourceVersion?

  /// Makes the next ``refresh()`` look at once, whatever the interval.
  func wake()

  /// What is wrong with the origin, or notable, at present.
  func condition() async -> SourceCondition

  /// Told when a version is in force from now on.
  /// - Parameter documents: how many there are in it.
  func accepted(_ version: SourceVersion, documents: Int) async

  /// What was in force when an earlier process ended, with the number of its documents; nil when nobody remembers.
  func remembered() async -> (version: SourceVersion, documents: Int)?

  /// Who changed what in the version in force; nil where nobody knows.
  func history() async -> ManifestHistory?
}

/// One version of the manifests, on this machine.
package struct SourceVersion: Hashable, Sendable {
  /// Files and folders, as commands take them.
  package var paths: [String]
  /// What the names of files are to be told without: the folder of a checkout; nil where they are the user's own.
  package var root: String?
  package var revision: ManifestRevision?

  package init(paths: [String], root: String? = nil, revision: ManifestRevision? = nil) {
    self.paths = paths
    self.root = root
    self.revision = revision
  }
}

/// The commit that manifests come from.
package struct ManifestRevision: Hashable, Sendable, CustomStringConvertible {
  /// The whole id, in hexadecimal.
  package var commit: String
  /// `Name <address>`, as in the commit.
  package var author: String
  /// When the commit was made.
  package var time: Date
  /// The first line of its message.
  package var subject: String
  /// Whether the files differ from the commit; only a working folder can.
  package var isDirty: Bool

  package init(commit: String, author: String, time: Date, subject: String, isDirty: Bool = false) {
    self.commit = commit
    self.author = author
    self.time = time
    self.subject = subject
    self.isDirty = isDirty
  }

  /// Twelve digits, as people quote commits.
  package var shortCommit: String { String(commit.prefix(12)) }

  package var description: String { shortCommit + (isDirty ? " with uncommitted changes" : "") }
}
