import ArgumentParser
import Controller
import Foundation
import Manifests
import Reconciliation
import Reports

struct RunCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The controller: reconcile every endpoint at its interval and whenever a manifest changes.",
    discussion: """
      The manifests are those of a folder, or with --git those of a branch of a repository. Prints one line `ready …` for \
      each address on which it listens, and logs one line a pass on standard error. SIGTERM and Ctrl-C finish the calls \
      in flight and end it.
      """)
  static let formats = [ReportFormat.text]

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var source: SourceOptions
  @OptionGroup var selection: SelectionOptions
  @OptionGroup var safety: SafetyOptions
  @OptionGroup var state: StateOptions
  @OptionGroup var lease: LeaseDurationOption
  @OptionGroup var controller: ControllerOptions

  @Option(
    help:
      "Also listen on this address for health, metrics and, with --api-token-env, the API: 127.0.0.1:9464. Port 0 picks a free one."
  )
  var listen: String?

  @Option(
    name: .customLong("webhook-secret-env"),
    help:
      "The environment variable with the secret of the Git server's webhook, which makes --git look at once: POST /webhook."
  )
  var webhookVariable: String?

  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let settings = workspace.settings
    let configuration = ControllerServer.Configuration(
      socket: controller.socket(settings), address: try address(settings), token: try controller.token(settings),
      webhookSecret: try settings.string("webhook-secret-env", webhookVariable).map { try settings.secret($0) })
    var options = try Pass.options(settings, manifests, selection, safety)
    options.author = workspace.author(verb: "run")
    if try selection.isPruneLeftOut(settings, manifests) {
      workspace.terminal.note(
        "note: `prune` of \(ManifestFolder.settingsFile) does not hold for manifests that are given with -f: say --prune"
      )
    }
    let overview = ControllerOverview(controller: workspace.controllerName)
    let store = try workspace.state(state)
    defer { workspace.settle(state) }
    let intake = try workspace.intake(
      source, manifests, limiting: try safety.parallelism(settings),
      isKnown: { [selection = options.selection] in try await Pass.check(selection, $0, store) })
    let records = EndpointRecords(store)
    var loop = ControlLoop(
      surroundings: ControlLoop.Surroundings(
        now: workspace.now, sleep: { try? await Task.sleep(for: $0) }, random: { Double.random(in: 0..<1) },
        open: workspace.openKeepingSchemas, newRun: workspace.newRun,
        expiries: { await workspace.expiries(of: [$0], $1) }),
      leases: try lease.keeper(settings, store, holder: "\(overview.controller) (run)"), records: records,
      secrets: workspace.secrets, options: options, stop: workspace.signals.stop,
      overview: overview, logger: workspace.logger)
    let notifier = workspace.notifier(store)
    loop.notifier = notifier
    let server = ControllerServer(
      configuration, operations: Operations(records, overview, intake, now: workspace.now), overview: overview,
      logger: workspace.logger)
    try await run(loop, over: intake, beside: server, notifier, workspace)
    return .success
  }

  /// Until the loop is told to stop; without its doors it does not go on.
  private func run(
    _ loop: ControlLoop, over intake: ManifestIntake, beside server: ControllerServer, _ notifier: Notifier,
    _ workspace: Workspace
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await server.run { address in workspace.terminal.result("ready \(address)") }
        } catch let failure as ControllerServer.Failure {
          workspace.signals.stop.raise()
          throw CommandFailure(.unexpected, failure.description)
        }
      }
      group.addTask { await notifier.run() }
      group.addTask { await loop.run(intake) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func address(_ settings: Settings) throws -> (host: String, port: Int)? {
    guard let text = settings.string("listen", listen) else { return nil }
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
      (0...65_535).contains(port)
    else { throw CommandFailure(.usage, "--listen cannot be \"\(text)\"", hint: "an address such as 127.0.0.1:9464") }
    let host = text[..<colon].trimmingPrefix("[").replacing("]", with: "")
    return (host.isEmpty ? "0.0.0.0" : String(host), port)
  }
}
