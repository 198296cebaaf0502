import Foundation
import Reconciliation

/// What one command found and did: the one value that every format renders.
package struct Report: Sendable {
  package enum Verb: String, Sendable { case validate, plan, apply, drift, undo }

  /// An endpoint that could not be read, and why in one sentence.
  package struct Unreachable: Hashable, Sendable {
    package var endpoint: String
    package var message: String

    package init(endpoint: String, message: String) {
      self.endpoint = endpoint
      self.message = message
    }
  }

  package var verb: Verb
  package var diagnostics: [Diagnostic]
  /// How many manifest documents were read.
  package var documents: Int
  package var plan: Plan?
  package var unreachable: [Unreachable]
  package var objections: [Objection]
  /// What became of the plan; nil when it was not applied.
  package var summary: RunSummary?
  /// Until when a saved plan may be applied; nil when none was saved.
  package var planExpiresAt: Date?
  /// What is known of the drift in the plan; nil where nothing but the plan is.
  package var drift: DriftOverview?
  /// Who changed the documents last, by where they begin; empty outside of a repository.
  package var manifestChanges: [SourceLocation: ManifestChange] = [:]
  package var exit: ExitStatus
  /// Why the exit code is not 0, a sentence each.
  package var reasons: [String]

  package init(
    verb: Verb, diagnostics: [Diagnostic] = [], documents: Int = 0, plan: Plan? = nil, unreachable: [Unreachable] = [],
    objections: [Objection] = [], summary: RunSummary? = nil, planExpiresAt: Date? = nil, drift: DriftOverview? = nil,
    manifestChanges: [SourceLocation: ManifestChange] = [:], exit: ExitStatus = .success, reasons: [String] = []
  ) {
    self.verb = verb
    self.diagnostics = diagnostics
    self.documents = documents
    self.plan = plan
    self.unreachable = unreachable
    self.objections = objections
    self.summary = summary
    self.planExpiresAt = planExpiresAt
    self.drift = drift
    self.manifestChanges = manifestChanges
    self.exit = exit
    self.reasons = reasons
  }

  /// The drift, when the report is about it.
  package var overview: DriftOverview? {
    guard verb == .drift, let plan else { return nil }
    return drift ?? DriftOverview(plan.drift(), at: .distantPast)
  }

  /// The plan as far as it is shown.
  var shownPlan: Plan? {
    guard let plan, let overview else { return plan }
    return overview.shown(of: plan)
  }
}

/// A form that a report can take.
package enum ReportFormat: String, Sendable, CaseIterable {
  case text, json, html, junit, sarif, csv
  case markdown = "md"
  /// A file for the text file collector of Prometheus.
  case prometheus = "prom"
}
