import ArgumentParser
import Endpoints
import Foundation
import Manifests
import Reconciliation
import Reports

struct ProbeCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Find out whether endpoints can be reached and used, what they can do, and what of theirs ends soon.",
    discussion: """
      Reads only. Without a name, every endpoint and the servers of the identity providers. Exits 7 when an endpoint cannot \
      be reached or refuses our credentials.
      """)
  static let formats = [ReportFormat.text, .json]

  @Argument(help: "The endpoints and identity providers, as the manifests name them.")
  var names: [String] = []

  @Flag(name: .customLong("detailed-exitcode"), help: "Exit 2 when a certificate, a token or a clock needs a look.")
  var detailedExitCode = false

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return workspace.print(Report(verb: .validate, compilation.validation)) }
    let targets = try targets(in: compilation.desiredState)
    workspace.terminal.progress("probing \(targets.map(\.name).joined(separator: ", ")) …")
    let report = ProbeReport(await probe(targets, in: workspace), at: workspace.now())
    workspace.terminal.endProgress()
    let isDetailed = try workspace.settings.bool("detailed-exitcode", detailedExitCode)
    let exit: ExitStatus =
      !report.reasons.isEmpty ? .unreachable : isDetailed && !report.findings.isEmpty ? .differences : .success
    workspace.terminal.result(
      workspace.format == .json ? report.json(exit: exit) : report.text(workspace.terminal.style))
    return exit
  }

  private enum Target: Sendable {
    case endpoint(EndpointDeclaration)
    case identityProvider(DesiredResource)

    var name: String {
      switch self {
      case .endpoint(let declaration): declaration.name
      case .identityProvider(let resource): resource.key.name
      }
    }
  }

  private func targets(in state: DesiredState) throws -> [Target] {
    let all =
      state.endpoints.map(Target.endpoint)
      + state.identityProviders.map(Target.identityProvider)
    guard !names.isEmpty else { return all }
    let known = Set(all.map(\.name))
    if let stranger = names.first(where: { !known.contains($0) }) {
      throw CommandFailure(
        .usage, "there is no endpoint or identity provider \"\(stranger)\" in the manifests",
        hint: "there is \(known.sorted().joined(separator: ", "))")
    }
    return all.filter { names.contains($0.name) }
  }

  /// All side by side; the results in the order of the targets.
  private func probe(_ targets: [Target], in workspace: Workspace) async -> [ProbeResult] {
    let results = await withTaskGroup(of: (Int, ProbeResult?).self) { group in
      for (index, target) in targets.enumerated() {
        group.addTask {
          switch target {
          case .endpoint(let declaration): (index, await workspace.prober(for: declaration).probe(declaration))
          case .identityProvider(let resource): (index, await workspace.prober().probe(identityProvider: resource))
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return results.sorted { $0.0 < $1.0 }.compactMap(\.1)
  }
}
