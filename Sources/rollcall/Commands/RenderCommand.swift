import ArgumentParser
import Foundation
import Manifests
import Reconciliation
import Reports

struct RenderCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Print the manifests with overlays and variables put in.",
    discussion: "What is printed is YAML that validates and plans as the manifests do: rollcall render -f overlays/prod"
  )
  static let formats = [ReportFormat.text]

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let contents = workspace.contents(of: try workspace.paths(manifests))
    let compilation = await workspace.compile(contents)
    guard compilation.isValid else { return workspace.print(Report(verb: .validate, compilation.validation)) }
    for warning in compilation.diagnostics {
      workspace.terminal.note("\(warning.location): \(warning.severity.rawValue)[\(warning.code)]: \(warning.message)")
    }
    workspace.terminal.result(
      try ManifestRenderer(variables: workspace.settings.environment).text(of: contents.sources))
    return .success
  }
}
