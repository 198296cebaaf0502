import Foundation
import JSON
import Reconciliation

/// Looks for past runs in the journal.
package struct History: Sendable {
  /// What to look for; all that is said must fit.
  package struct Query: Sendable {
    /// Runs that changed one of these, and of those runs only that; people also as members. Empty for any.
    package var targets: Set<ResourceKey> = []
    package var endpoints: Set<String>?
    /// How the commit begins.
    package var commit: String?
    package var since: Date?
    package var until: Date?
    /// The latest so many.
    package var limit = Int.max

    package init() {}
  }

  /// Why the journal cannot be read.
  package struct Unreadable: Error, CustomStringConvertible {
    package let description: String
  }

  private let storage: any JournalStorage

  package init(_ storage: any JournalStorage) { self.storage = storage }

  /// The runs that fit, the latest first.
  package func runs(_ query: Query) async throws -> [PastRun] {
    let frames = try Self.lines(await storage.frames())
    let headers = Dictionary(grouping: frames, by: \.run)
    let names = query.targets.isEmpty ? nil : try await runs(touching: query.targets)
    var runs: [PastRun] = []
    for name in try await storage.runs() where names?.contains(name) ?? true {
      let frame = headers[name].flatMap(PastRun.init)
      if let frame, frame.header != nil, !frame.fits(query) { continue }
      guard let run = try await run(frame, named: name, query), run.fits(query) else { continue }
      runs.append(run)
      if runs.count == query.limit { break }
    }
    return runs
  }

  /// What people decided beside the runs, the latest first.
  package func decisions(_ query: Query) async throws -> [JournalDecision] {
    let lines = try Self.lines(await storage.decisions())
    let decisions = lines.compactMap { if case .decision(let decision) = $0 { decision } else { nil } }
    return Array(decisions.filter { $0.fits(query) }.reversed().prefix(query.limit))
  }

  /// The run of this name, or the only one whose name begins so; nil for none or several.
  package func run(named name: String) async throws -> PastRun? {
    let names = try await storage.runs()
    let matching = names.contains(name) ? [name] : names.filter { $0.hasPrefix(name) }
    guard matching.count == 1 else { return nil }
    return PastRun(try Self.lines(await storage.journal(of: matching[0])))
  }

  /// Its frame says enough of a run that has ended, unless it is asked what was changed.
  private func run(_ frame: PastRun?, named name: String, _ query: Query) async throws -> PastRun? {
    if let frame, frame.header != nil, frame.end != nil, query.targets.isEmpty { return frame }
    var run = PastRun(try Self.lines(await storage.journal(of: name)))
    if !query.targets.isEmpty { run?.changes.removeAll { change in !query.targets.contains(where: change.concerns) } }
    return run
  }

  private func runs(touching targets: Set<ResourceKey>) async throws -> Set<String> {
    var names: Set<String> = []
    for target in targets {
      names.formUnion(try await storage.intents(on: target.kind, named: target.name).map(\.labels.run))
      for kind in ["Group", "Role"] where kind != target.kind {
        let records = try Self.lines(await storage.intents(on: kind, named: nil)).compactMap(\.record)
        names.formUnion(records.filter { $0.detail?.concerns(target) ?? false }.map(\.run))
      }
    }
    return names
  }

  private static func lines(_ rows: [JournalRow]) throws -> [JournalLine] {
    try rows.map { row in
      do throws(PlanFormatError) {
        return try row.entry.content().line
      } catch {
        throw Unreadable(
          description: """
            line \(row.entry.sequence) of the journal cannot be read (\(error.description)); \
            rollcall evidence verify says more
            """)
      }
    }
  }
}

extension PastRun {
  fileprivate func fits(_ query: History.Query) -> Bool {
    if let since = query.since, begun < since { return false }
    if let until = query.until, begun >= until { return false }
    if let commit = query.commit, header?.commit?.hasPrefix(commit) != true { return false }
    return query.endpoints.map { !$0.isDisjoint(with: endpoints) } ?? true
  }
}

extension JournalDecision {
  fileprivate func fits(_ query: History.Query) -> Bool {
    if let since = query.since, time < since { return false }
    if let until = query.until, time >= until { return false }
    if let wanted = query.commit, commit?.hasPrefix(wanted) != true { return false }
    if let endpoints = query.endpoints, !(endpoint.map(endpoints.contains) ?? false) { return false }
    return query.targets.isEmpty || key.map(query.targets.contains) ?? false
  }
}

extension PastChange {
  fileprivate func concerns(_ target: ResourceKey) -> Bool { key == target || detail?.concerns(target) ?? false }
}

extension JournalRecord.Detail {
  /// Whether it names the resource as one who comes or leaves, or who was in what is deleted.
  fileprivate func concerns(_ target: ResourceKey) -> Bool {
    if removed?.members.contains(target) == true { return true }
    let name = target.kind == "User" ? target.name : target.description
    return attributes.contains { attribute in
      guard ["members", "users", "groups"].contains(attribute.path) else { return false }
      return [attribute.before, attribute.after].contains { $0?.array?.contains { $0.string == name } ?? false }
    }
  }
}
