import ArgumentParser
import Controller
import Foundation
import JSON
import Reconciliation
import Reports

struct HistoryCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Past runs from the journal, the latest first; or one of them with all that it changed.",
    discussion:
      "Who ran what from which commit, what it changed from what to what, and what came of it. Reads the state alone."
  )
  static let formats = [ReportFormat.text, .json, .csv]

  @Argument(help: "A run, or as much of its name as no other begins with.")
  var run: String?

  @Option(help: "Only what happened to this person, membership included. Repeatable.")
  var person: [String] = []

  @Option(help: "Only what happened to this group. Repeatable.")
  var group: [String] = []

  @Option(help: "Only what happened to this resource: Kind/name. Repeatable.")
  var target: [String] = []

  @Option(help: "Only at this endpoint. Repeatable.")
  var endpoint: [String] = []

  @Option(help: "Only from this commit of the manifests, or one that begins so.")
  var commit: String?

  @Option(help: "Only from this time on: 2026-11-30, 2026-11-30T09:30:00Z, or a time ago such as 7d.")
  var since: String?

  @Option(help: "Only before this time.")
  var until: String?

  @Option(help: "The latest so many. Default: 50.")
  var limit: Int?

  @Flag(
    help:
      "What people decided beside the runs, instead of these: who acknowledged drift, suspended and resumed endpoints, approved plans and manifests."
  )
  var decisions = false

  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let history = History(try workspace.pastState(state))
    guard let run else {
      let query = try query(workspace)
      if decisions {
        workspace.show(DecisionList(try await history.decisions(query)))
        return .success
      }
      let runs = try await history.runs(query)
      workspace.show(HistoryReport(runs, showsChanges: !query.targets.isEmpty))
      return .success
    }
    guard !decisions else { throw CommandFailure(.usage, "--decisions are not those of a run: leave the run away") }
    workspace.show(HistoryReport([try await history.existing(run)], showsChanges: true))
    return .success
  }

  private func query(_ workspace: Workspace) throws -> History.Query {
    var query = History.Query()
    query.targets = Set(
      person.map { ResourceKey("User", $0) } + group.map { ResourceKey("Group", $0) }
        + (try SelectionOptions.keys(Set(target)) ?? []))
    query.endpoints = endpoint.isEmpty ? nil : Set(endpoint)
    query.commit = commit
    query.since = try since.map { try Self.time($0, named: "since", now: workspace.now()) }
    query.until = try until.map { try Self.time($0, named: "until", now: workspace.now()) }
    query.limit = try workspace.settings.value("limit", limit) ?? 50
    guard query.limit > 0 else { throw CommandFailure(.usage, "--limit must be at least 1") }
    return query
  }
}

extension History {
  /// - Throws: ``CommandFailure`` when there is no such run, or more than one.
  func existing(_ name: String) async throws -> PastRun {
    guard let run = try await run(named: name) else {
      throw CommandFailure(
        .usage, "the journal has no run \"\(name)\", or several that begin so", hint: "list them with: rollcall history"
      )
    }
    return run
  }
}

extension Workspace {
  /// Prints what the journal tells in the format that was asked for.
  func show(_ report: some JournalReport) {
    switch format {
    case .json: terminal.result(report.json.text)
    case .csv: terminal.result(report.csv)
    default: terminal.result(report.text(style: terminal.style))
    }
  }
}
