import ArgumentParser
import Controller
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
  /// - Parameters:
  ///   - plan: the differences that count.
  ///   - evidence: what the endpoints hold, against which the changed manifests are planned once more.
  func run(
    _ plan: Plan, _ evidence: Reconciler.Evidence, _ compilation: Compilation, _ manifests: ManifestOptions,
    in workspace: Workspace
  ) async throws -> ExitStatus {
    let sources = try workspace.manifestContents(manifests).sources
    if let stream = sources.first(where: { $0.content != .file }) {
      let name = stream.path == "-" ? "standard input" : stream.path
      throw CommandFailure(.usage, "--write-back changes files, and the manifests come from \(name)")
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
    try check(await workspace.compile(sources, with: result.files), result, evidence)
    try await agree(to: result, workspace)
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

  /// The manifests must be valid afterwards, and ask for what is there: an overlay may have the last word about it.
  private func check(_ compilation: Compilation, _ result: WriteBack, _ evidence: Reconciler.Evidence) throws {
    let faults = compilation.diagnostics.filter { $0.severity == .error }
    guard faults.isEmpty else {
      Terminal.show(faults.rendered(style: .plain))
      throw CommandFailure(.invalidManifests, "the manifests would not be valid so: nothing was written")
    }
    let plan = evidence.plan(of: compilation.desiredState)
    guard let rest = result.written.first(where: { $0.differs(in: plan) }) else { return }
    throw CommandFailure(
      .unexpected, "\(rest.key) \(rest.path) would differ all the same: nothing was written",
      hint: "something else has the last word about it; change the manifests by hand")
  }

  private func agree(to result: WriteBack, _ workspace: Workspace) async throws {
    guard !(try workspace.settings.bool("yes", yes)) else { return }
    guard workspace.terminal.isInteractive else {
      throw CommandFailure(
        .usage, "manifests would change and there is no terminal to ask", hint: "look at the diff, then add --yes")
    }
    try await workspace.agreement(to: "Write this?", orElse: "nothing was written")
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
      throw CommandFailure(.unexpected, "cannot write \(file.path): \(error.reason)")
    }
  }
}

extension WriteBack.Place {
  /// Whether a plan would still change it.
  fileprivate func differs(in plan: Plan) -> Bool {
    plan.endpoints.first { $0.endpoint == endpoint }?.changes.contains { change in
      change.key == key && change.attributes.contains { $0.path == path }
    } ?? false
  }
}

extension Workspace {
  /// Compiles the manifests as they would be with these files.
  func compile(_ sources: [ManifestSource], with files: [WriteBack.File]) async -> Compilation {
    let texts = Dictionary(files.map { ($0.path, $0.after) }, uniquingKeysWith: { first, _ in first })
    return await compile(
      sources.map { source in
        texts[source.path].map {
          ManifestSource(path: source.path, place: source.place, bytes: Array($0.utf8))
        } ?? source
      })
  }
}
