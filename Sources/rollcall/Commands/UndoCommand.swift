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

  @Option(help: "Save the inverse plan here, for apply, and change nothing.")
  var out: String?

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
      workspace, compilation, manifests, try past.selection(in: compilation), safety, state,
      endorsement: try workspace.endorsement(endorsement, of: compilation, manifests), undoing: past)
    let report = try await pass.closing {
      if dryRun || out != nil { return try await plan(pass) }
      return try await pass.leased(lease) { try await carryOut($0) }
    }
    pass.noteStandingManifests(after: report)
    return destination.publish(report)
  }

  private func plan(_ pass: Pass) async throws -> Report {
    let (plan, unreachable) = try await pass.survey()
    var report = Report(verb: .undo, pass.compilation.validation)
    report.plan = plan
    report.unreachable = unreachable
    report.objections = pass.objections(to: plan)
    if let out { try pass.save(&report, to: out) }
    report.settle(changesAreDifferences: false)
    if let reason = pass.interruption { report.reasons.append(reason) }
    return report
  }

  private func carryOut(_ pass: Pass) async throws -> Report {
    var report = try await plan(pass)
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
