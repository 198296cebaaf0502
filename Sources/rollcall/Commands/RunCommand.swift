import ArgumentParser
import Controller
import Foundation
import Manifests
import Reports

struct RunCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The controller: reconcile every endpoint at its interval and whenever a manifest changes.",
    discussion: """
      The manifests are those of a folder, or with --git those of a branch of a repository. Logs one line a pass on \
      standard error. SIGTERM and Ctrl-C finish the calls in flight and end it.
      """)

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var source: SourceOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let intake = try workspace.intake(source, manifests, limiting: try safety.parallelism(workspace.settings))
    var options = try Pass.options(workspace.settings, selection, safety)
    options.author = workspace.author(verb: "run")
    let loop = ControlLoop(
      surroundings: ControlLoop.Surroundings(
        now: workspace.now, sleep: { try? await Task.sleep(for: $0) }, random: { Double.random(in: 0..<1) },
        open: workspace.openKeepingSchemas, newRun: workspace.newRun),
      storage: try workspace.state(state), secrets: workspace.secrets, options: options, stop: workspace.signals.stop,
      logger: workspace.logger)
    await loop.run(intake)
    return .success
  }
}
