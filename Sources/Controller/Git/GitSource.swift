import Foundation
import JSON
import Synchronization

/// A branch of a Git repository, looked at again and again: every new commit becomes a folder of its own below a work
/// folder, beside a mirror of the repository. What is wrong with the origin or with a commit leaves the last one be.
package actor GitSource: RevisionSource {
  package nonisolated let description: String
  private let settings: Settings
  private let secrets: SecretResolver
  private let now: @Sendable () -> Date
  private let random: @Sendable () -> Double
  private let home: String
  private let mirror: GitMirror
  private let checkout: GitCheckout
  private let isWoken = Mutex(false)

  private var schedule: PollSchedule
  private var isBusy = false
  private var lock: FolderLock?
  /// The commit that the branch ended in at the last look, taken or not.
  private var latest: String?
  /// The commit that was handed out last.
  private var taken: String?
  private var ready: SourceVersion?
  private var inForce: String?
  private var inForceHistory: ManifestHistory?
  private var known = SourceCondition()

  /// - Parameters:
  ///   - environment: ours; git sees little of it.
  ///   - random: between 0 and 1: spreads the looks of many controllers.
  package init(
    _ settings: Settings, environment: [String: String], secrets: SecretResolver, stop: StopSignal,
    now: @escaping @Sendable () -> Date, random: @escaping @Sendable () -> Double
  ) {
    self.settings = settings
    self.secrets = secrets
    self.now = now
    self.random = random
    let place = settings.directory.isEmpty ? "" : ":\(settings.directory)"
    description = "git \(settings.remote.url) \(settings.branch)\(place)"
    home = URL(fileURLWithPath: settings.workFolder).path + "/" + settings.key
    let program = GitProgram(environment: environment, timeout: settings.timeout, stop: stop)
    mirror = GitMirror(program: program, path: home + "/mirror.git")
    checkout = GitCheckout(mirror: mirror, folder: home + "/commits", directory: settings.directory)
    schedule = PollSchedule(interval: settings.interval)
  }

  package nonisolated func wake() { isWoken.withLock { $0 = true } }

  package func refresh() async {
    guard !isBusy else { return }
    let woken = isWoken.withLock { woken in
      defer { woken = false }
      return woken
    }
    guard woken || schedule.isDue(at: now()) else { return }
    isBusy = true
    defer { isBusy = false }
    do throws(SourceProblem) {
      try await look()
      known.problem = nil
      schedule.succeed(at: now(), random: random())
    } catch {
      known.problem = error
      // A commit that is refused will be refused again; the next one is worth looking for as usual.
      if error.reason == .unreachable {
        schedule.fail(at: now(), random: random())
      } else {
        schedule.succeed(at: now(), random: random())
      }
    }
  }

  package func next() async -> SourceVersion? {
    defer { ready = nil }
    return ready
  }

  package func condition() async -> SourceCondition { known }

  package func history() async -> ManifestHistory? { inForceHistory }

  package func accepted(_ version: SourceVersion, documents: Int) async {
    guard let commit = version.revision?.commit else { return }
    let before = inForce
    inForce = commit
    inForceHistory = ManifestHistory(of: mirror, at: commit, checkedOutAt: checkout.path(of: commit))
    let record: JSONObject = ["commit": .string(commit), "documents": .number(JSONNumber(documents))]
    try? Data(record.serialized()).write(to: URL(fileURLWithPath: recordPath), options: .atomic)
    // A pass under way may still read files of the version before.
    checkout.removeAll(except: Set([commit, before, latest].compactMap { $0 }))
  }

  package func remembered() async -> (version: SourceVersion, documents: Int)? {
    guard let record, checkout.has(record.commit), let revision = try? await mirror.revision(of: record.commit) else {
      return nil
    }
    return (version(revision), record.documents)
  }

  /// What was in force last, whichever process wrote it.
  private var record: (commit: String, documents: Int)? {
    guard let bytes = FileManager.default.contents(atPath: recordPath),
      let record = try? JSONValue(parsing: [UInt8](bytes)), let commit = record["commit"]?.string,
      let documents = record["documents"]?.int
    else { return nil }
    return (commit, documents)
  }

  private var recordPath: String { home + "/accepted.json" }

  private func version(_ revision: ManifestRevision) -> SourceVersion {
    SourceVersion(
      paths: [checkout.manifests(of: revision.commit)], root: checkout.path(of: revision.commit), revision: revision)
  }

  // MARK: One look

  private func look() async throws(SourceProblem) {
    try await takeFolder()
    let commit = try await fetch()
    known.checkedAt = now()
    if let latest, latest != commit { await noteRewriting(from: latest, to: commit) }
    latest = commit
    // One that was refused is looked at again: whom we trust may have changed meanwhile.
    guard commit != taken else { return }
    try await settings.verification?.check(commit, in: mirror, empty: home + "/no-keys")
    try await checkout.make(commit)
    do throws(GitProgram.Failure) {
      ready = version(try await mirror.revision(of: commit))
    } catch {
      throw SourceProblem(.unacceptable, "commit \(commit.prefix(12)) cannot be read: \(error)", commit: commit)
    }
    taken = commit
    await mirror.tidy()
  }

  private func fetch() async throws(SourceProblem) -> String {
    let failure: String
    do {
      let credentials = try await settings.credentials.environment(for: settings.remote, secrets)
      return try await mirror.fetch(settings.remote, ref: settings.ref, with: credentials)
    } catch let error as GitProgram.Failure where error.complaint.contains("couldn't find remote ref") {
      failure = "there is no \(settings.ref) in it: a branch is named as it is, a tag refs/tags/NAME"
    } catch {
      failure = "\(error)"
    }
    throw SourceProblem(.unreachable, "the repository \(settings.remote.url) cannot be read: \(failure)")
  }

  private func takeFolder() async throws(SourceProblem) {
    guard lock == nil else { return }
    do {
      for folder in [home, home + "/commits", home + "/no-keys"] {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      }
      guard let lock = FolderLock(home) else {
        throw SourceProblem(
          .unreachable, "another controller works in \(home), or it cannot be written: give each one its --git-folder")
      }
      try await mirror.prepare()
      self.lock = lock
      latest = record?.commit
    } catch let problem as SourceProblem {
      throw problem
    } catch {
      throw SourceProblem(.unreachable, "the folder \(home) cannot be used: \(error)")
    }
  }

  /// A force-push: what was reviewed may be gone.
  private func noteRewriting(from earlier: String, to later: String) async {
    let isRewritten = await !mirror.isAncestor(earlier, of: later)
    known.notice =
      isRewritten
      ? "the history of \(settings.ref) was rewritten: commit \(earlier.prefix(12)) is no longer part of it at "
        + "\(later.prefix(12))" : nil
  }
}
