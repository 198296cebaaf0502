import ArgumentParser

@main
struct RollcallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollcall",
    abstract: "Keeps people's accounts true: manifests in Git, a plan to review, endpoints that converge.",
    discussion: """
      The long options of the runs can also be set as ROLLCALL_<OPTION> in the environment or in rollcall.yaml; the command \
      line comes first, then the environment, then the file. `prune` of the file does not hold for manifests that are given \
      with -f.
      Exit codes: 0 done, 1 unexpected error, 2 differences, 3 invalid manifests, 4 stopped by a guardrail, \
      5 stale plan, another run at work or a tampered journal, 6 partly applied, 7 endpoint unreachable or not fully read, 64 usage, 130/143 interrupted, or answered with no.
      """,
    version: Version.text,
    subcommands: [
      InitCommand.self, FormatCommand.self, SchemaCommand.self, RenderCommand.self,
      ValidateCommand.self, ProbeCommand.self, PlanCommand.self, ApplyCommand.self, DriftCommand.self,
      GetCommand.self, ImportCommand.self, WhyCommand.self, ExplainCommand.self,
      RunCommand.self, StatusCommand.self, ReconcileCommand.self, SuspendCommand.self,
      ResumeCommand.self, ApproveCommand.self,
      HistoryCommand.self, UndoCommand.self, EvidenceCommand.self,
      ServeCommand.self, KeysCommand.self, NotifyCommand.self,
      VersionCommand.self, CompletionsCommand.self,
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
