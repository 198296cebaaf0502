import ArgumentParser
import Manifests
import Reconciliation
import Reports

struct ValidateCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check the manifests, offline: all faults of all files in one run.")

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let compilation = try await workspace.compile(manifests)
    return workspace.print(Report(verb: .validate, compilation))
  }
}

extension Report {
  /// A report on manifests alone: valid or not.
  init(verb: Verb, _ compilation: Compilation) {
    let errors = compilation.diagnostics.count { $0.severity == .error }
    self.init(
      verb: verb, diagnostics: compilation.diagnostics, documents: compilation.documents,
      exit: compilation.isValid ? .success : .invalidManifests,
      reasons: compilation.isValid ? [] : ["the manifests have \(errors) \(errors == 1 ? "error" : "errors")"])
  }
}

extension Workspace {
  /// Prints the report on standard output.
  /// - Returns: its exit status.
  func print(_ report: Report) -> ExitStatus {
    terminal.result(report.rendered(as: format, style: terminal.style))
    return report.exit
  }
}
