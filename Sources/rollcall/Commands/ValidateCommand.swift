import ArgumentParser
import Manifests
import Reconciliation
import Reports

struct ValidateCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check the manifests: all faults of all files in one run.",
    discussion: """
      Offline, unless --online is given: then secrets are read, every endpoint is signed in to, and what of the manifests it \
      cannot hold is a warning. Exits 7 when one cannot be reached or refuses our credentials.
      """)
  static let formats = ReportFormat.allCases

  @Flag(help: "Ask the endpoints, too. Reads only.")
  var online = false

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var reports: ReportOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let destination = try ReportOutput(workspace, reports)
    guard try workspace.settings.bool("online", online) else {
      return destination.publish(Report(verb: .validate, try await workspace.validate(manifests)))
    }
    let compilation = try await workspace.compile(manifests)
    guard compilation.isValid else { return destination.publish(Report(verb: .validate, compilation.validation)) }
    return destination.publish(await OnlineValidation(workspace: workspace, compilation: compilation).report())
  }
}

extension Report {
  /// A report on manifests alone: valid or not.
  init(verb: Verb, _ validation: Validation) {
    let errors = validation.diagnostics.count { $0.severity == .error }
    self.init(
      verb: verb, diagnostics: validation.diagnostics, documents: validation.documents,
      exit: validation.isValid ? .success : .invalidManifests,
      reasons: validation.isValid ? [] : ["the manifests have \(errors) \(errors == 1 ? "error" : "errors")"])
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
