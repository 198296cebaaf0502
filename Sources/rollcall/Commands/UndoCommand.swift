import ArgumentParser
import Controller
import Foundation
import Manifests
import Reconciliation
import Reports

struct UndoCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Take back what a run has changed: the inverse plan, reviewed and asked for like any other.",
    discussion: """
      What was changed again since is left as it is and said. Deleted resources are created anew with what the manifests \
      said of them: not with their id, nor their passwords. The manifests stay as they are: revert them too.
      """)
  static let formats = ReportFormat.allCases

  @Argument(help: "The run, as rollcall history names it.")
  var run: String

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var deadline: DeadlineOption
  @OptionGroup var endorsement: EndorsementOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var lease: LeaseOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var output: OutputOptions

  @Flag(name: .customLong("dry-run"), help: "Show what would be taken back, and change nothing.")
  var dryRun = false

  @Flag(help: "Do not ask.")
  var yes = false

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try deadline.begin(in: workspace)
    let destination = try ReportOutput(workspace, reports)
    let past = try await History(try workspace.pastState(state)).existing(run)
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return destination.publish(Report(verb: .undo, compilation.validation)) }
    let pass = try await Pass(
      workspace, compilation, manifests, try selection(of: past, compilation), safety, state,
      endorsement: try workspace.endorsement(endorsement, of: compilation, manifests)
    ).undoing(past)
    let report = try await pass.closing {
      if dryRun { return try await plan(past, pass) }
      return try await pass.leased(lease) { try await carryOut(past, $0) }
    }
    if report.summary != nil {
      workspace.terminal.note("The manifests still say otherwise: revert them too, or the next apply changes it again.")
    }
    return destination.publish(report)
  }

  /// - Throws: ``CommandFailure`` for an endpoint that the manifests no longer name.
  private func selection(of past: PastRun, _ compilation: Compilation) throws -> SelectionOptions {
    let known = Set(compilation.desiredState.endpoints.map(\.name))
    let missing = past.endpoints.filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw CommandFailure(
        .usage, "the run changed \(missing.joined(separator: ", ")), which the manifests do not name",
        hint: "give the manifests with the endpoint: rollcall undo \(run) -f FOLDER")
    }
    return try SelectionOptions.parse(past.endpoints.flatMap { ["--endpoint", $0] })
  }

  private func plan(_ past: PastRun, _ pass: Pass) async throws -> Report {
    let (plan, unreachable) = try await pass.survey(undoing: past)
    var report = Report(verb: .undo, pass.compilation.validation)
    report.plan = plan
    report.unreachable = unreachable
    report.objections = pass.objections(to: plan)
    report.settle(changesAreDifferences: false)
    if let reason = pass.interruption { report.reasons.append(reason) }
    return report
  }

  private func carryOut(_ past: PastRun, _ pass: Pass) async throws -> Report {
    var report = try await plan(past, pass)
    if let plan = report.plan, report.objections.isEmpty, try await pass.agreed(to: report, verb: "undo", yes: yes) {
      switch try await pass.carryOut(plan) {
      case .inSync: break
      case .applied(let summary): report.summary = summary
      case .refused(let objections): report.objections = objections
      }
    }
    report.settleApplied()
    if let reason = pass.interruption { report.reasons.append(reason) }
    return report
  }
}
