import Foundation
import Manifests
import Reconciliation

/// What stands between a source and the controller: compiles each new version and lets it in force when it is valid and
/// has not lost most of its documents. Until then the last good one stays.
package actor ManifestIntake {
  /// A version that is in force from now on.
  package struct Admission: Sendable {
    package var compilation: Compilation
    package var version: SourceVersion
  }

  /// What the caller is to log of a look at the source.
  package enum Event: Sendable {
    case admitted(Admission)
    /// The last good state stays in force.
    case refused(SourceProblem, [Diagnostic])

    package var diagnostics: [Diagnostic] {
      switch self {
      case .admitted(let admission): admission.compilation.diagnostics
      case .refused(_, let diagnostics): diagnostics
      }
    }
  }

  private let source: any RevisionSource
  private let compile: @Sendable ([String]) async -> Compilation
  private let now: @Sendable () -> Date
  /// The share of its documents that a version may have lost, 0 to 1.
  private let largestLoss: Double
  private var known: SourceStatus
  private var told: SourceStatus
  /// Waits for somebody to say that it is meant.
  private var shrunk: Admission?
  private var isApproved = false
  private var ownProblem: SourceProblem?
  private var hasFallenBack = false

  /// - Parameters:
  ///   - largestLoss: the share of its documents that a version may have lost against the one in force, 0 to 1.
  ///   - compile: reads files and folders.
  package init(
    _ source: any RevisionSource, largestLoss: Double = 0.5, now: @escaping @Sendable () -> Date,
    compile: @escaping @Sendable ([String]) async -> Compilation
  ) {
    self.source = source
    self.largestLoss = largestLoss
    self.now = now
    self.compile = compile
    known = SourceStatus(source: source.description)
    told = known
  }

  /// Looks at the origin when that is due; may take as long as a network does.
  package nonisolated func refresh() async { await source.refresh() }

  /// Makes the next ``refresh()`` look at the origin at once: what a webhook and `reconcile` do.
  package nonisolated func wake() { source.wake() }

  /// The version that is held back because most of its documents are gone; nil when there is none.
  package var waiting: SourceVersion? { shrunk?.version }

  /// Lets the version through if it still waits; what comes later is weighed against it.
  package func approve(_ version: SourceVersion) { isApproved = shrunk?.version == version }

  /// What is in force, and what is wrong with anything newer.
  package func status() async -> SourceStatus {
    let condition = await source.condition()
    known.checkedAt = condition.checkedAt
    known.notice = condition.notice
    known.take(condition.problem ?? ownProblem, at: now())
    return known
  }

  /// Who changed what in the version in force; nil where nobody knows.
  package nonisolated func history() async -> ManifestHistory? { await source.history() }

  /// What there is to log since the last call.
  package func news() async -> [SourceNews] {
    let status = await status()
    defer { told = status }
    return status.news(since: told)
  }

  /// What became of a new version; nil when there is none.
  package func next() async -> Event? {
    if isApproved, let admission = shrunk { return await admit(admission) }
    guard let version = await source.next() else { return await fallBack() }
    shrunk = nil
    isApproved = false
    let admission = await read(version)
    let compilation = admission.compilation
    guard compilation.isValid else { return refuse(.invalid(compilation, version), compilation.diagnostics) }
    if let before = await documentsBefore(), isTooSmall(compilation.documents, after: before) {
      shrunk = admission
      return refuse(.shrunk(from: before, compilation.documents, version), compilation.diagnostics)
    }
    return await admit(admission)
  }

  /// What an earlier process had in force, when this one has nothing yet and cannot take what there is now.
  private func fallBack() async -> Event? {
    guard known.documents == nil, !hasFallenBack else { return nil }
    let condition = await source.condition()
    guard let problem = ownProblem ?? condition.problem, let last = await source.remembered() else { return nil }
    hasFallenBack = true
    let admission = await read(last.version)
    guard admission.compilation.isValid else { return nil }
    let (held, approved) = (shrunk, isApproved)
    defer { (shrunk, isApproved, ownProblem) = (held, approved, problem == condition.problem ? nil : problem) }
    return await admit(admission)
  }

  private func read(_ version: SourceVersion) async -> Admission {
    Admission(compilation: (await compile(version.paths)).telling(filesWithout: version.root), version: version)
  }

  private func documentsBefore() async -> Int? {
    if let documents = known.documents { return documents }
    return await source.remembered()?.documents
  }

  private func isTooSmall(_ documents: Int, after before: Int) -> Bool {
    before > 0 && largestLoss < 1 && (documents == 0 || Double(before - documents) > largestLoss * Double(before))
  }

  private func refuse(_ problem: SourceProblem, _ diagnostics: [Diagnostic]) -> Event {
    ownProblem = problem
    known.take(problem, at: now())
    return .refused(problem, diagnostics)
  }

  private func admit(_ admission: Admission) async -> Event {
    shrunk = nil
    isApproved = false
    ownProblem = nil
    known.take(nil, at: now())
    known.revision = admission.version.revision
    known.documents = admission.compilation.documents
    known.inForceSince = now()
    await source.accepted(admission.version, documents: admission.compilation.documents)
    return .admitted(admission)
  }
}

extension SourceProblem {
  fileprivate static func invalid(_ compilation: Compilation, _ version: SourceVersion) -> SourceProblem {
    let errors = compilation.diagnostics.filter { $0.severity == .error }
    let first = errors.first.map { "\($0.location): \($0.message)" } ?? ""
    return SourceProblem(
      .invalid,
      "the manifests\(version.naming) have \(errors.count == 1 ? "an error" : "\(errors.count) errors"): \(first)",
      commit: version.revision?.commit)
  }

  fileprivate static func shrunk(from before: Int, _ now: Int, _ version: SourceVersion) -> SourceProblem {
    let rest =
      switch now {
      case 0: "no documents"
      case 1: "only 1 document"
      default: "only \(now) documents"
      }
    return SourceProblem(
      .shrunk,
      "the manifests\(version.naming) have \(rest) where there were \(before): when this is meant, approve it, or allow it with --max-shrink",
      commit: version.revision?.commit)
  }
}

extension SourceVersion {
  fileprivate var naming: String { revision.map { " of commit \($0.shortCommit)" } ?? "" }
}

extension Compilation {
  /// The same with the names of files as they are in the repository.
  fileprivate func telling(filesWithout root: String?) -> Compilation {
    guard let root else { return self }
    var told = self
    for index in told.validation.diagnostics.indices {
      told.validation.diagnostics[index].location.drop(root)
      for note in told.validation.diagnostics[index].notes.indices {
        told.validation.diagnostics[index].notes[note].location?.drop(root)
      }
    }
    for index in told.desiredState.resources.indices { told.desiredState.resources[index].location.drop(root) }
    for index in told.desiredState.endpoints.indices { told.desiredState.endpoints[index].location?.drop(root) }
    return told
  }
}

extension SourceLocation {
  fileprivate mutating func drop(_ root: String) {
    if file.hasPrefix(root + "/") { file.removeFirst(root.count + 1) }
  }
}
