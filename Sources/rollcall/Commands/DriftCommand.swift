import ArgumentParser
import Manifests
import Reconciliation
import Reports

struct DriftCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "drift", abstract: "Show what differs and whose doing it is. Reads only.",
    discussion: "Exits 2 when anything differs from the manifests; with --write-back, when anything of that is left.")

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var writeBack: WriteBackOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let destination = try ReportOutput(workspace, reports)
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return destination.publish(Report(verb: .drift, compilation.validation)) }
    let pass = try await Pass(workspace, compilation, selection, safety, state)
    let (plan, unreachable) = try await pass.closing { try await pass.survey() }
    var report = Report(verb: .drift, compilation.validation)
    report.plan = plan
    report.unreachable = unreachable
    report.settle(changesAreDifferences: true)
    if report.exit == .success, !plan.drift().findings.isEmpty { report.exit = .differences }
    let status = destination.publish(report)
    guard try workspace.settings.bool("write-back", writeBack.isWanted), report.exit == .differences else {
      return status
    }
    return try await writeBack.run(plan, compilation, manifests, in: workspace)
  }
}
