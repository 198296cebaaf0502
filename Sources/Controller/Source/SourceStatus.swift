import Foundation

/// What a source tells of its origin, beside the versions that it brings.
package struct SourceCondition: Hashable, Sendable {
  /// Why nothing newer comes; nil when all is well.
  package var problem: SourceProblem?
  /// Something that stops nothing and that people should know: history was dropped.
  package var notice: String?
  /// When the origin was last looked at with success.
  package var checkedAt: Date?

  package init(problem: SourceProblem? = nil, notice: String? = nil, checkedAt: Date? = nil) {
    self.problem = problem
    self.notice = notice
    self.checkedAt = checkedAt
  }
}

/// Why the newest version of the manifests is not in force.
package struct SourceProblem: Hashable, Sendable, Error, CustomStringConvertible {
  /// The raw values are reasons of conditions, as Kubernetes spells them.
  package enum Reason: String, Sendable, CaseIterable {
    /// The origin does not answer, or refuses our credentials.
    case unreachable = "SourceUnreachable"
    /// The commit carries no signature that we trust.
    case unsigned = "SourceUnsigned"
    /// The commit holds what is not taken: a link out of the repository, a submodule among the manifests, no such folder.
    case unacceptable = "SourceUnacceptable"
    /// The manifests have errors.
    case invalid = "ManifestsInvalid"
    /// Most documents, or all, are gone.
    case shrunk = "ManifestsShrunk"
  }

  package var reason: Reason
  /// One sentence, with a way out where there is one.
  package var message: String
  /// The commit that it is about.
  package var commit: String?

  package init(_ reason: Reason, _ message: String, commit: String? = nil) {
    self.reason = reason
    self.message = message
    self.commit = commit
  }

  package var description: String { message }
}

/// The manifests of a controller at one moment: what is in force, and what is wrong with newer ones.
package struct SourceStatus: Hashable, Sendable {
  /// As people know it, without credentials.
  package var source: String
  /// In force; nil where no version ever was, or where it comes from no repository.
  package var revision: ManifestRevision?
  /// Of the version in force.
  package var documents: Int?
  package var inForceSince: Date?
  /// When the origin was last looked at with success.
  package var checkedAt: Date?
  /// Why something newer is not in force; the last good state is, meanwhile.
  package var problem: SourceProblem?
  package var problemSince: Date?
  package var notice: String?

  package init(source: String) { self.source = source }

  /// Whether the newest version is in force.
  package var isCurrent: Bool { inForceSince != nil && problem == nil }

  mutating func take(_ problem: SourceProblem?, at now: Date) {
    guard problem != self.problem else { return }
    // A message may change with every attempt; since when it has been going on does not.
    if problem?.reason != self.problem?.reason { problemSince = problem == nil ? nil : now }
    self.problem = problem
  }
}
