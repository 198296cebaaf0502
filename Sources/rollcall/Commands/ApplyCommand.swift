import ArgumentParser
import Controller
import Foundation
import Manifests
import Reconciliation
import Reports

struct ApplyCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Plan, ask, and make the changes; or carry out a saved plan.",
    discussion:
      "Additive unless --prune is given. A saved plan is refused when the manifests or the endpoints have changed since."
  )

  @Argument(help: "A plan saved with: rollcall plan --out FILE.")
  var plan: String?

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var endorsement: EndorsementOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var lease: LeaseOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Do not ask.")
  var yes = false

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let destination = try ReportOutput(workspace, reports)
    let saved = try plan.map { try SavedPlan(path: $0) }
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return destination.publish(Report(verb: .apply, compilation.validation)) }
    let pass = try await Pass(
      workspace, compilation, selection, safety, state,
      endorsement: try workspace.endorsement(endorsement, of: compilation, manifests))
    return destination.publish(try await pass.closing { try await pass.leased(lease) { try await apply(saved, $0) } })
  }

  private func apply(_ saved: SavedPlan?, _ pass: Pass) async throws -> Report {
    let (seen, unread) = try await pass.survey()
    let (current, waiting) = seen.leavingOut(dependantsOf: Set(unread.map(\.endpoint)))
    let unreachable =
      (unread + waiting.map { .init(endpoint: $0, message: "it depends on one that could not be read") })
      .sorted { $0.endpoint < $1.endpoint }
    var report = Report(verb: .apply, pass.compilation.validation)
    report.diagnostics += await pass.expiryWarnings(current)
    report.plan = current
    report.unreachable = unreachable
    report.objections = pass.objections(to: current)
    if let saved { try check(saved, against: current, now: pass.workspace.now()) }
    if report.objections.isEmpty, try saved != nil || pass.agreed(to: report, verb: "apply", yes: yes) {
      switch try await pass.carryOut(current) {
      case .inSync: break
      case .applied(let summary): report.summary = summary
      case .refused(let objections): report.objections = objections
      }
    }
    await pass.remember(current, report.summary)
    report.settleApplied()
    if let reason = pass.interruption { report.reasons.append(reason) }
    return report
  }

  /// A saved plan holds as long as planning again gives the same plan.
  private func check(_ saved: SavedPlan, against current: Plan, now: Date) throws {
    let hint = "make a new plan with: rollcall plan --out \(plan ?? "FILE")"
    guard now < saved.expiresAt else {
      throw CommandFailure(.stalePlan, "the saved plan is older than an hour", hint: hint)
    }
    guard saved.plan.hash == current.hash else {
      throw CommandFailure(
        .stalePlan, "the manifests or the endpoints have changed since the plan was saved", hint: hint)
    }
  }
}

extension Report {
  /// Decides the exit status of an apply.
  mutating func settleApplied() {
    settle(changesAreDifferences: false)
    let results = summary?.results ?? []
    let unapplied = results.count { !$0.outcome.isApplied }
    guard unapplied > 0 else { return }
    reasons.append("\(unapplied) of \(results.count) changes were not applied")
    exit = .partial
  }
}
