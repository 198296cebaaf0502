import ArgumentParser
import Controller
import Manifests
import Reconciliation
import Reports
import SCIM

struct DriftCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "drift", abstract: "Show what differs, since when, and whose doing it is. Reads only.",
    discussion: """
      Exits 2 when anything differs from the manifests that is neither acknowledged nor in the baseline; with \
      --write-back, when anything of that is left. What is found is remembered in the state, so that the next run can \
      tell what is new.
      """,
    subcommands: [DriftAcknowledgeCommand.self, DriftUnacknowledgeCommand.self, DriftListCommand.self])
  static let formats = ReportFormat.allCases

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var deadline: DeadlineOption
  @OptionGroup var state: StateOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var writeBack: WriteBackOptions

  @Flag(name: .customLong("only-new"), help: "Only findings that no earlier run has seen.")
  var onlyNew = false

  @Option(name: .customLong("older-than"), help: "Only findings that are known for so long: 1d, 12h, 30m.")
  var olderThan: String?

  @Option(help: "A file of findings to live with: they do not count.")
  var baseline: String?

  @Option(
    name: .customLong("write-baseline"),
    help: "Write the findings of this run to a file, for --baseline; they count no more.")
  var writeBaseline: String?

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try deadline.begin(in: workspace)
    let destination = try ReportOutput(workspace, reports)
    let filter = try filter(workspace.settings)
    let baseline = try workspace.settings.string("baseline", baseline).map { try DriftBaseline(path: $0) }
    if let writeBaseline { try ReportOutput.checkFolder(of: writeBaseline, for: "baseline") }
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return destination.publish(Report(verb: .drift, compilation.validation)) }
    let pass = try await Pass(workspace, compilation, manifests, selection, safety, state)
    let (evidence, unreachable) = try await pass.closing { try await pass.evidence() }
    let plan = evidence.plan(of: pass.compilation.desiredState)
    var overview = await pass.remember(plan)
    pass.noteLeftOutPrune(in: plan)
    overview.filter = filter
    if let baseline { overview.compare(with: baseline) }
    if destination.formats.contains(.html) { overview.samples = await pass.driftHistory() }
    var report = Report(verb: .drift, compilation.validation)
    report.plan = plan
    report.unreachable = unreachable
    if let writeBaseline { try write(&overview, to: writeBaseline, isComplete: report.isComplete) }
    report.drift = overview
    report.manifestChanges = await pass.manifestChanges(in: overview.shown(of: plan))
    report.settleDrift()
    if let reason = pass.interruption { report.reasons.append(reason) }
    let status = destination.publish(report)
    guard try workspace.settings.bool("write-back", writeBack.isWanted), report.exit == .differences else {
      return status
    }
    return try await writeBack.run(overview.shown(of: plan), evidence, compilation, manifests, in: workspace)
  }

  private func filter(_ settings: Settings) throws -> DriftOverview.Filter {
    let age = try settings.string("older-than", olderThan).map { text in
      guard let seconds = DurationText.seconds(text) else {
        throw CommandFailure(.usage, "--older-than \"\(text)\" is no duration", hint: "write it as 1d, 12h or 30m")
      }
      return seconds
    }
    return DriftOverview.Filter(onlyNew: try settings.bool("only-new", onlyNew), minimumAge: age.map(Double.init))
  }

  /// Makes all that counts the baseline. What is acknowledged has an end of its own.
  private func write(_ overview: inout DriftOverview, to path: String, isComplete: Bool) throws {
    guard isComplete else {
      return Terminal.warning("the baseline was not written: not every endpoint could be read to the end")
    }
    let findings = overview.items { if case .acknowledged = $0 { false } else { true } }.map(\.finding)
    let baseline = DriftBaseline(findings)
    try baseline.write(to: path)
    overview.compare(with: baseline)
  }
}

extension Report {
  /// Whether every endpoint was read, and to the end.
  var isComplete: Bool { unreachable.isEmpty && incompleteReads.isEmpty }

  /// Decides the exit status of a look at drift.
  mutating func settleDrift() {
    settle(changesAreDifferences: false)
    guard exit == .success, let plan, let overview else { return }
    if !overview.open.isEmpty || !overview.shown(of: plan).isEmpty { exit = .differences }
  }
}
