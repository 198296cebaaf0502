import ArgumentParser
import Foundation
import Manifests
import Reconciliation
import Reports
import SCIM

/// Whether drift goes into the manifests.
struct WriteBackOptions: ParsableArguments {
  @Flag(
    name: .customLong("write-back"),
    help: "Change the manifests so that they say what the endpoint holds; comments and layout stay.")
  var isWanted = false

  @Flag(help: "With --write-back: do not ask.")
  var yes = false

  /// Shows what would change in the files, asks, and writes it.
  func run(
    _ plan: Plan, _ compilation: Compilation, _ manifests: ManifestOptions, in workspace: Workspace
  ) async throws -> ExitStatus {
    let sources = try workspace.manifestContents(manifests).sources
    if sources.contains(where: { $0.path == "-" }) {
      throw CommandFailure(.usage, "--write-back changes files, and the manifests come from standard input")
    }
    if sources.contains(where: { $0.overlays != nil }) {
      throw CommandFailure(
        .usage, "--write-back cannot tell what belongs into the overlay and what into the files that it stands on",
        hint: "rollcall drift shows what differs: write it where it belongs")
    }
    let catalog = SchemaCatalog.standard.extended(by: compilation.schemas)
    let result = WriteBack(plan, of: compilation.desiredState, in: sources, catalog: catalog)
    show(result, workspace)
    guard !result.files.isEmpty else {
      workspace.terminal.note("Nothing was written: no manifest can say what differs.")
      return .differences
    }
    let faults = await workspace.faults(of: sources, with: result.files)
    guard faults.isEmpty else {
      Terminal.show(faults.rendered(style: .plain))
      throw CommandFailure(.invalidManifests, "the manifests would not be valid so: nothing was written")
    }
    try agree(to: result, workspace)
    for file in result.files { try write(file) }
    let count = result.files.count
    workspace.terminal.note(
      "Changed \(count == 1 ? "1 file" : "\(count) files"). Look at it with git diff, then commit it.")
    return result.remainders.isEmpty ? .success : .differences
  }

  private func show(_ result: WriteBack, _ workspace: Workspace) {
    let diff = result.files.map { UnifiedDiff.text(of: $0.path, from: $0.before, to: $0.after) }.joined()
    // What other programs read stays alone on standard output.
    if workspace.format == .text, !diff.isEmpty { workspace.terminal.result("\n" + diff) } else { Terminal.show(diff) }
    for file in result.files where file.isReformatted {
      workspace.terminal.note("\(file.path) was not in the canonical layout, and is brought into it as well")
    }
    for left in result.remainders {
      let place = left.location.map { "\($0): " } ?? ""
      let attribute = left.path.isEmpty ? "" : " \(left.path)"
      workspace.terminal.note("\(place)\(left.key)\(attribute) is not written back: \(left.reason)")
    }
  }

  private func agree(to result: WriteBack, _ workspace: Workspace) throws {
    guard !(try workspace.settings.bool("yes", yes)) else { return }
    guard workspace.terminal.isInteractive else {
      throw CommandFailure(
        .usage, "manifests would change and there is no terminal to ask", hint: "look at the diff, then add --yes")
    }
    guard workspace.terminal.confirm("Write this?") else {
      throw CommandFailure(.refused, "not agreed: nothing was written")
    }
  }

  private func write(_ file: WriteBack.File) throws {
    do {
      guard let bytes = FileManager.default.contents(atPath: file.path), bytes.elementsEqual(file.before.utf8) else {
        throw CommandFailure(.stalePlan, "\(file.path) has changed meanwhile: it is left as it is")
      }
      try ManifestFile.replace(file.path, with: Array(file.after.utf8))
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure(.unexpected, "cannot write \(file.path): \(error.localizedDescription)")
    }
  }
}

extension Workspace {
  /// The faults that the manifests would have with these files.
  func faults(of sources: [ManifestSource], with files: [WriteBack.File]) async -> [Diagnostic] {
    let texts = Dictionary(files.map { ($0.path, $0.after) }, uniquingKeysWith: { first, _ in first })
    let changed = sources.map { source in
      texts[source.path].map {
        ManifestSource(path: source.path, place: source.place, bytes: Array($0.utf8))
      } ?? source
    }
    return await compile(changed).diagnostics.filter { $0.severity == .error }
  }
}
