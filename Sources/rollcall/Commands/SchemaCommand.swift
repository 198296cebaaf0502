import ArgumentParser
import Foundation
import JSON
import Manifests
import Reports
import SCIM

struct SchemaCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of the manifests, for editors and other checks.",
    discussion: """
      What the manifests at -f themselves add, by documents of kind Schema, is part of it. Editors that use the YAML \
      language server follow a first line such as:
        # yaml-language-server: $schema=../manifest.schema.json
      """)
  static let formats = [ReportFormat.text]

  @Argument(help: "Only documents of this kind.")
  var kind: String?

  @Option(name: [.customShort("o"), .long], help: "Write it to this file.")
  var out: String?

  @OptionGroup var manifests: ManifestOptions

  /// The short option is that of the file here.
  var output: OutputOptions { OutputOptions.parseOrExit([]) }

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let schema = try await workspace.manifestSchema(manifests)
    guard let form = schema.schema(of: kind) else {
      throw CommandFailure(
        .usage, "there is no kind \"\(kind ?? "")\"", hint: "there is \(ManifestSchema.kinds.joined(separator: ", "))")
    }
    guard let out else {
      workspace.terminal.result(form.pretty())
      return .success
    }
    do {
      try Data((form.pretty() + "\n").utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    } catch {
      throw CommandFailure(.unexpected, "cannot write \(out): \(error.reason)")
    }
    return .success
  }
}

extension Workspace {
  /// The schema of manifests that may use what these manifests describe. Their faults do not matter here.
  func manifestSchema(_ options: ManifestOptions) async throws -> ManifestSchema {
    let compilation = try await compile(options)
    return ManifestSchema(catalog: SchemaCatalog.standard.extended(by: compilation.schemas))
  }
}
