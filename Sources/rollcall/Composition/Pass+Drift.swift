import Controller
import Foundation
import Reconciliation

extension Pass {
  /// Remembers the drift that a look at the endpoints shows, and what was then done about it.
  ///
  /// What cannot be remembered is said, and is no reason to fail: the plan holds without it.
  ///
  /// - Parameter summary: what became of the plan; nil when it was not carried out.
  @discardableResult
  func remember(_ plan: Plan, _ summary: RunSummary? = nil) async -> DriftOverview {
    var overview = DriftOverview(plan.drift(), at: workspace.now())
    do {
      for endpoint in plan.endpoints {
        let results = summary?.endpoints.first { $0.endpoint == endpoint.endpoint }?.results ?? []
        let (memory, news) = try await drift.note(
          endpoint, isWhole: options.selection.isWhole, results: results)
        overview.recall(memory, news, at: endpoint.endpoint)
      }
    } catch {
      Terminal.warning("drift cannot be remembered: \(error)")
    }
    return overview
  }

  /// How much drift there was in the time before, oldest first; empty where that is not remembered.
  func driftHistory() async -> [DriftSample] {
    do { return try await drift.samples() } catch {
      Terminal.warning("how much drift there was is not known: \(error)")
      return []
    }
  }

  /// Of how many documents at most the authors are asked for: a first run may differ in all of them.
  private static let mostAuthors = 2000

  /// Who changed the documents last that a plan speaks of; nobody outside of a Git repository.
  func manifestChanges(in plan: Plan) async -> [SourceLocation: ManifestChange] {
    let places = plan.changes.compactMap(\.source) + plan.endpoints.flatMap { $0.withheld.compactMap(\.source) }
    guard !places.isEmpty else { return [:] }
    return await workspace.history.lastChanges(of: Array(places.prefix(Self.mostAuthors))).mapValues { revision in
      ManifestChange(
        commit: revision.commit, author: revision.author, time: revision.time, subject: revision.subject)
    }
  }
}
