import ArgumentParser
import Foundation
import Manifests
import Reconciliation
import Reports

struct PlanCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what apply would do. Reads only.")
  static let formats = ReportFormat.allCases

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var deadline: DeadlineOption
  @OptionGroup var endorsement: EndorsementOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Save the plan here, for apply.")
  var out: String?

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit 2 when there is something to change.")
  var detailedExitCode = false

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try deadline.begin(in: workspace)
    let destination = try ReportOutput(workspace, reports)
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return destination.publish(Report(verb: .plan, compilation.validation)) }
    let pass = try await Pass(
      workspace, compilation, manifests, selection, safety, state,
      endorsement: try workspace.endorsement(endorsement, of: compilation, manifests))
    let (plan, unreachable) = try await pass.closing { try await pass.survey() }
    var report = Report(verb: .plan, compilation.validation)
    report.diagnostics += try await pass.warnings(plan)
    report.plan = plan
    report.unreachable = unreachable
    report.objections = pass.objections(to: plan)
    pass.noteLeftOutPrune(in: plan)
    if let out { try pass.save(&report, to: out) }
    report.settle(changesAreDifferences: try workspace.settings.bool("detailed-exitcode", detailedExitCode))
    if let reason = pass.interruption { report.reasons.append(reason) }
    return destination.publish(report)
  }
}

extension Report {
  /// Decides the exit status of a plan that was not applied: what could not be read weighs most.
  mutating func settle(changesAreDifferences: Bool) {
    reasons = unreachable.map { "\($0.endpoint): \($0.message)" } + incompleteReads + objections.map(\.message)
    exit =
      if !unreachable.isEmpty || !incompleteReads.isEmpty {
        .unreachable
      } else if !objections.isEmpty {
        .refused
      } else if changesAreDifferences, plan?.isEmpty == false {
        .differences
      } else {
        .success
      }
  }

  /// A sentence for every listing that could not be proved complete.
  var incompleteReads: [String] {
    (plan?.endpoints ?? []).flatMap { endpoint in
      endpoint.reads.compactMap { read in
        guard case .incomplete(let reason) = read.completeness else { return nil }
        return "\(endpoint.endpoint): the read of \(read.resourceType)s is not complete: \(reason)"
      }
    }
  }
}
