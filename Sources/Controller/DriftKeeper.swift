import Foundation
import JSON
import Reconciliation

/// Remembers drift from pass to pass, for whoever makes the passes.
package struct DriftKeeper: Sendable {
  /// How far back drift is measured, in seconds.
  package static let span: TimeInterval = 90 * 86_400

  private let records: any ConvergenceRecords
  private let now: @Sendable () -> Date

  package init(_ records: any ConvergenceRecords, now: @escaping @Sendable () -> Date) {
    self.records = records
    self.now = now
  }

  /// Takes in what a pass found at one endpoint, and what it then did about it.
  ///
  /// - Parameters:
  ///   - isWhole: whether the pass looked at everything. Otherwise nothing is taken for gone and nothing is measured, as
  ///     when a listing could not be read to its end.
  ///   - results: what became of the changes of the plan; empty when none was tried.
  /// - Returns: what is remembered of what was found, before the changes.
  @discardableResult
  package func note(
    _ plan: EndpointPlan, isWhole: Bool, results: [EndpointSummary.Result] = []
  ) async throws -> (memory: DriftMemory, news: DriftMemory.News) {
    let time = now()
    let findings = Plan(endpoints: [plan]).drift().findings
    let isWhole = isWhole && plan.reads.allSatisfy(\.completeness.isComplete)
    let (memory, news) = try await records.changeDriftFindings(at: plan.endpoint) { documents in
      var memory = try DriftMemory(documents)
      let news = memory.note(findings, at: time, isWhole: isWhole)
      let found = memory
      memory.settle(results)
      documents = memory.documents
      return (found, news)
    }
    if isWhole { try await measure(memory.counts(at: time), at: plan.endpoint, time) }
    return (memory, news)
  }

  /// Lets findings not count until a date, or takes that back.
  /// - Returns: the records as they are now, of those that are remembered.
  package func acknowledge(
    _ fingerprints: [String], at endpoint: String, _ acknowledgement: Acknowledgement?, by actor: String
  ) async throws -> [DriftRecord] {
    try await records.acknowledge(fingerprints, at: endpoint, acknowledgement, by: actor, at: now())
  }

  /// All that is remembered, by endpoint.
  package func memories() async throws -> [String: DriftMemory] { try await records.driftMemories() }

  /// The measurements that are kept, oldest first.
  package func samples() async throws -> [DriftSample] {
    try await records.driftSamples(since: now().addingTimeInterval(-Self.span))
  }

  /// Writes down how much drift there is, if that changed or is long known.
  private func measure(_ counts: DriftCounts, at endpoint: String, _ time: Date) async throws {
    let recent = try await records.driftSamples(since: time.addingTimeInterval(-DriftMemory.grain))
    let document = counts.json
    guard recent.last(where: { $0.endpoint == endpoint })?.document != document else { return }
    try await records.append(driftSample: DriftSample(endpoint: endpoint, time: time, document: document))
    try await records.dropDriftSamples(before: time.addingTimeInterval(-Self.span))
  }
}
