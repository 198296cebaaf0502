import ArgumentParser
import Controller
import JSON
import Reconciliation
import Reports

struct DriftListCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show the findings that are remembered, without reading the endpoints.")
  static let formats = [ReportFormat.text, .json]

  @Option(help: "Only at this endpoint. Repeatable.")
  var endpoint: [String] = []

  @OptionGroup var state: StateOptions
  @ParentCommand var parent: DriftCommand
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let memories = try await workspace.driftKeeper(state, parent).memories()
    workspace.show(memories.filter { endpoint.isEmpty || endpoint.contains($0.key) }.values.flatMap(\.records.values))
    return .success
  }
}

extension Workspace {
  /// - Parameter parent: `drift` itself, which takes the option as well.
  func driftKeeper(_ options: StateOptions, _ parent: DriftCommand) throws -> DriftKeeper {
    var options = options
    if options.state == nil { options.state = parent.state.state }
    return DriftKeeper(try pastState(options), now: now)
  }

  /// Shows findings on standard output.
  func show(_ records: [DriftRecord]) {
    let list = DriftList(records, at: now())
    terminal.result(
      format == .json ? list.json.pretty().escapingControls(keepingLineEnds: true) : list.text(terminal.style))
  }
}
