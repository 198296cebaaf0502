import Foundation

/// One line of the journal: a run begins, changes something, ends; or a person decides something beside the runs.
package enum JournalLine: Hashable, Sendable {
  case begun(RunHeader)
  case change(JournalRecord)
  case ended(RunEnd)
  case decision(JournalDecision)

  /// Empty for what belongs to none.
  package var run: String {
    switch self {
    case .begun(let header): header.run
    case .change(let record): record.run
    case .ended(let end): end.run
    case .decision: ""
    }
  }

  package var time: Date {
    switch self {
    case .begun(let header): header.time
    case .change(let record): record.time
    case .ended(let end): end.time
    case .decision(let decision): decision.time
    }
  }

  /// nil for all but changes.
  package var record: JournalRecord? { if case .change(let record) = self { record } else { nil } }
}

/// What a run is about to do, and on whose behalf.
package struct RunHeader: Hashable, Sendable {
  package var run: String
  package var time: Date
  /// The command that runs: `apply`, `undo`, `run`.
  package var verb: String
  /// Who ran it: `alice@build-7`, or the actor that a CI system names.
  package var actor: String
  /// The commit of the manifests; nil where it is not known.
  package var commit: String?
  /// ``Plan/hash`` of what was approved.
  package var planHash: String
  /// Where it changes something, by their names.
  package var endpoints: [String]
  /// The run that this one takes back.
  package var undoes: String?
  /// Who let the plan pass guardrails that had refused it.
  package var approvedBy: String?

  package init(
    run: String, time: Date, verb: String, actor: String, commit: String? = nil, planHash: String,
    endpoints: [String] = [], undoes: String? = nil, approvedBy: String? = nil
  ) {
    self.run = run
    self.time = time
    self.verb = verb
    self.actor = actor
    self.commit = commit
    self.planHash = planHash
    self.endpoints = endpoints
    self.undoes = undoes
    self.approvedBy = approvedBy
  }
}

/// What a run did to one resource, or was about to do.
package struct JournalRecord: Hashable, Sendable {
  package enum Phase: String, Sendable {
    /// Written before a request is sent, so that a crash leaves a trace.
    case intent
    /// Written after its answer.
    case fact
  }

  /// The change as it was approved; it stands with the intent.
  package struct Detail: Hashable, Sendable {
    /// Before and after, without secrets.
    package var attributes: [AttributeChange]
    package var reason: String
    package var source: SourceLocation?
    /// What the ledger knew of a resource that is deleted; nil for all other changes.
    package var removed: Ledger.Entry?

    package init(
      attributes: [AttributeChange] = [], reason: String = "", source: SourceLocation? = nil,
      removed: Ledger.Entry? = nil
    ) {
      self.attributes = attributes
      self.reason = reason
      self.source = source
      self.removed = removed
    }
  }

  package var run: String
  package var time: Date
  package var endpoint: String
  package var key: ResourceKey
  package var action: Change.Action
  package var phase: Phase
  package var remoteID: String?
  /// `applied`, `failed: …`: empty for an intent.
  package var outcome: String
  /// nil for a fact, and in what the first release wrote.
  package var detail: Detail?

  package init(
    run: String, time: Date, endpoint: String, key: ResourceKey, action: Change.Action, phase: Phase,
    remoteID: String? = nil, outcome: String = "", detail: Detail? = nil
  ) {
    self.run = run
    self.time = time
    self.endpoint = endpoint
    self.key = key
    self.action = action
    self.phase = phase
    self.remoteID = remoteID
    self.outcome = outcome
    self.detail = detail
  }
}

/// What became of a run as a whole.
package struct RunEnd: Hashable, Sendable {
  package enum Outcome: String, Sendable {
    /// All of it is in force.
    case applied
    /// Some changes failed, or waited for others that did.
    case partial
    /// It was told to stop, or lost its lease.
    case interrupted
    /// It broke: the state could not be written.
    case failed
  }

  /// How many changes ended in which way.
  package struct Counts: Hashable, Sendable {
    package var applied = 0
    package var failed = 0
    package var skipped = 0
    package var stale = 0
    package var cancelled = 0

    package init() {}
  }

  package var run: String
  package var time: Date
  package var outcome: Outcome
  package var counts: Counts

  package init(run: String, time: Date, outcome: Outcome, counts: Counts = Counts()) {
    self.run = run
    self.time = time
    self.outcome = outcome
    self.counts = counts
  }
}
