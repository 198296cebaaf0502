import ArgumentParser

@main
struct RollcallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollcall",
    abstract: "Keeps people's accounts true: manifests in Git, a plan to review, endpoints that converge.",
    discussion: """
      Every long option can also be set as ROLLCALL_<OPTION> in the environment or in rollcall.yaml; the command line \
      comes first, then the environment, then the file.
      Exit codes: 0 done, 1 unexpected error, 2 differences, 3 invalid manifests, 4 stopped by a guardrail, \
      5 stale plan, another run at work or a tampered journal, 6 partly applied, 7 endpoint unreachable or not fully read, 64 usage, 130/143 interrupted.
      """,
    version: Version.text,
    subcommands: [
      ValidateCommand.self, PlanCommand.self, ApplyCommand.self, DriftCommand.self, GetCommand.self, ImportCommand.self,
      InitCommand.self, FormatCommand.self, SchemaCommand.self,
      ProbeCommand.self,
      RenderCommand.self,
      RunCommand.self, ServeCommand.self, KeysCommand.self, VersionCommand.self,
      HistoryCommand.self, UndoCommand.self, EvidenceCommand.self,
    ])
}

/// The version of this build.
enum Version {
  static let text = "0.1.0"
}

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func run() { print("rollcall \(Version.text)") }
}
