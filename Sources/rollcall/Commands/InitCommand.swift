import ArgumentParser
import JSON
import Manifests
import Reports

struct InitCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Begin a repository: manifests, settings, checks, CI.",
    discussion: "Nothing that is there is overwritten.")
  static let formats = [ReportFormat.text]

  @Argument(help: "The folder; it is made when it is not there.")
  var folder: String = "."

  @Option(help: "Whose CI is to run it: github, gitlab or none.")
  var ci: Scaffold.Forge = .github

  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    guard let schema = ManifestSchema().schema() else { return .unexpected }
    let scaffold = Scaffold(forge: ci, schema: schema.pretty() + "\n")
    try scaffold.write(to: folder)
    let prefix = folder == "." ? "" : folder + "/"
    for file in scaffold.files { workspace.terminal.result(prefix + file.path) }
    let enter = folder == "." ? "" : "cd \(folder) && "
    workspace.terminal.note("\nNow: \(enter)rollcall plan, then rollcall apply. README.md says more.")
    return .success
  }
}
