import ArgumentParser

struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print the script that lets a shell complete commands and options.",
    discussion: """
      bash: source <(rollcall completions bash)
      zsh:  rollcall completions zsh > FOLDER/_rollcall, a folder of $fpath
      fish: rollcall completions fish > ~/.config/fish/completions/rollcall.fish
      """)

  /// The shells that there is a script for.
  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish

    fileprivate var script: String {
      switch self {
      case .bash: RollcallCommand.completionScript(for: .bash)
      case .zsh: RollcallCommand.completionScript(for: .zsh)
      case .fish: RollcallCommand.completionScript(for: .fish)
      }
    }
  }

  @Argument(help: "The shell.")
  var shell: Shell

  func run() { print(shell.script) }
}
