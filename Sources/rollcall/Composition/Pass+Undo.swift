import ArgumentParser
import Manifests
import Reconciliation
import Reports

extension Pass {
  /// Says, after a run was taken back, that the manifests do not know of it.
  func noteStandingManifests(after report: Report) {
    guard undone != nil, report.summary != nil else { return }
    workspace.terminal.note("The manifests still say otherwise: revert them too, or the next apply changes it again.")
  }
}

extension PastRun {
  /// The endpoints that the run changed.
  /// - Throws: ``CommandFailure`` for one that the manifests no longer name.
  func selection(in compilation: Compilation) throws -> SelectionOptions {
    let known = Set(compilation.desiredState.endpoints.map(\.name))
    let missing = endpoints.filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw CommandFailure(
        .usage, "the run changed \(missing.joined(separator: ", ")), which the manifests do not name",
        hint: "give the manifests with the endpoint: -f FOLDER")
    }
    return try SelectionOptions.parse(endpoints.flatMap { ["--endpoint", $0] })
  }
}
