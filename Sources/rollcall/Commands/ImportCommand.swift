import ArgumentParser
import Controller
import Foundation
import Manifests
import Reconciliation
import Reports
import SCIM

struct ImportCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Write the live resources of an endpoint as manifests, which then plan to nothing."
  )
  static let formats = [ReportFormat.text]

  @Argument(help: "The endpoint, as the manifests name it.")
  var endpoint: String

  @Option(help: "The folder to write into; it is made when it is not there.")
  var out: String = "imported"

  @Flag(help: "Overwrite files that are there.")
  var force = false

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var deadline: DeadlineOption
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try deadline.begin(in: workspace)
    let declaration = try await workspace.endpoint(named: endpoint, in: manifests)
    let observation = try await workspace.withEndpoint(declaration) { endpoint, observer in
      try await observer.observe(endpoint, kinds: declaration.scope.kinds)
    }
    if case .incomplete(let reason) = observation.completeness {
      throw CommandFailure(.unreachable, "the read is not complete, so nothing was written: \(reason)")
    }
    let files = files(for: observation, of: declaration, workspace.terminal)
    try write(files)
    for file in files { workspace.terminal.result("\(out)/\(file.name)") }
    return .success
  }

  /// The manifests whose mapping gives what the endpoint holds; where it cannot, that is said.
  private func files(
    for observation: Observation, of declaration: EndpointDeclaration, _ terminal: Terminal
  ) -> [ManifestWriter.File] {
    let listings = observation.listings.mapValues(\.resources)
    guard !declaration.mapping.isEmpty else {
      return ManifestWriter(catalog: observation.capabilities.catalog).files(for: listings)
    }
    let catalog = SchemaCatalog.standard.extended(by: declaration.schemas)
    let inverse = MappingInverse(of: declaration, catalog: catalog).resources(of: listings)
    for (attribute, differences) in Dictionary(grouping: inverse.differences, by: \.attribute.description).sorted(by: {
      $0.key < $1.key
    }) {
      terminal.note(
        "the mapping to \(attribute) gives \(differences.count) resources another value than they have there: a plan will show them"
      )
    }
    return ManifestWriter(catalog: catalog).files(for: inverse.listings)
  }

  /// All files or none: what is there is looked at before anything is written.
  private func write(_ files: [ManifestWriter.File]) throws {
    let folder = URL(fileURLWithPath: out, isDirectory: true)
    let standing = files.filter { FileManager.default.fileExists(atPath: folder.appending(path: $0.name).path) }
    if !force, let first = standing.first {
      throw CommandFailure(
        .usage, "\(out)/\(first.name) exists already",
        hint: "choose another folder with --out, or overwrite with --force")
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for file in files {
        try Data(file.text.utf8).write(to: folder.appending(path: file.name), options: .atomic)
      }
    } catch {
      throw CommandFailure(.unexpected, "cannot write to \(out): \(error.reason)")
    }
  }
}
