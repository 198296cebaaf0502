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
  static let formats = ReportFormat.allCases

  @Argument(help: "A plan saved with: rollcall plan --out FILE, or rollcall undo RUN --out FILE.")
  var plan: String?

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var deadline: DeadlineOption
  @OptionGroup var endorsement: EndorsementOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var lease: LeaseOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Do not ask.")
  var yes = false

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try deadline.begin(in: workspace)
    let destination = try ReportOutput(workspace, reports)
    let saved = try plan.map { try SavedPlan(path: $0) }
    let past = try await run(undoneBy: saved, workspace)
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return destination.publish(Report(verb: .apply, compilation.validation)) }
    let pass = try await Pass(
      workspace, compilation, manifests, try past?.selection(in: compilation) ?? selection, safety, state,
      endorsement: try workspace.endorsement(endorsement, of: compilation, manifests), undoing: past)
    let report = try await pass.closing { try await pass.leased(lease) { try await apply(saved, $0) } }
    pass.noteStandingManifests(after: report)
    return destination.publish(report)
  }

  private func run(undoneBy saved: SavedPlan?, _ workspace: Workspace) async throws -> PastRun? {
    guard let name = saved?.undoes else { return nil }
    return try await History(try workspace.pastState(state)).existing(name)
  }

  private func apply(_ saved: SavedPlan?, _ pass: Pass) async throws -> Report {
    let (seen, unread) = try await pass.survey()
    let (current, waiting) = seen.leavingOut(dependantsOf: Set(unread.map(\.endpoint)))
    let unreachable =
      (unread + waiting.map { .init(endpoint: $0, message: "it depends on one that could not be read") })
      .sorted { $0.endpoint < $1.endpoint }
    var report = Report(verb: pass.undone == nil ? .apply : .undo, pass.compilation.validation)
    report.diagnostics += try await pass.warnings(current)
    report.plan = current
    report.unreachable = unreachable
    report.objections = pass.objections(to: current)
    pass.noteLeftOutPrune(in: current)
    // Whether a saved plan still holds is not known where an endpoint could not be read.
    let canBeChecked = saved == nil || unreachable.isEmpty
    if let saved, canBeChecked { try check(saved, against: current, pass) }
    if canBeChecked, report.objections.isEmpty, try await isAgreed(saved, report, pass) {
      switch try await pass.carryOut(current) {
      case .inSync: break
      case .applied(let summary): report.summary = summary
      case .refused(let objections): report.objections = objections
      }
    }
    if pass.undone == nil { await pass.remember(current, report.summary) }
    report.settleApplied()
    if let reason = pass.interruption { report.reasons.append(reason) }
    return report
  }

  /// Whoever gives a saved plan has looked at it.
  private func isAgreed(_ saved: SavedPlan?, _ report: Report, _ pass: Pass) async throws -> Bool {
    if saved != nil { return true }
    return try await pass.agreed(to: report, verb: "apply", yes: yes)
  }

  /// A saved plan holds as long as planning again gives the same plan.
  private func check(_ saved: SavedPlan, against current: Plan, _ pass: Pass) throws {
    let hint = saved.hintToPlanAgain(to: plan ?? "FILE")
    guard pass.workspace.now() < saved.expiresAt else {
      throw CommandFailure(.stalePlan, "the saved plan is older than an hour", hint: hint)
    }
    guard saved.plan.hash == current.hash else {
      if saved.options != pass.options.arguments { throw otherOptions(than: saved.options) }
      throw CommandFailure(
        .stalePlan, "the manifests or the endpoints have changed since the plan was saved", hint: hint)
    }
  }

  private func otherOptions(than saved: [String]) -> CommandFailure {
    let options = saved.isEmpty ? "without options that choose a part" : "with \(saved.joined(separator: " "))"
    return CommandFailure(
      .usage, "the plan was saved \(options): apply it with the same",
      hint: "or make a new plan with the options of now")
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
