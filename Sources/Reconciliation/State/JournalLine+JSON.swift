import Foundation
import JSON

extension JournalRecord.Phase: PlanRepresentable {}
extension RunEnd.Outcome: PlanRepresentable {}
extension JournalDecision.Deed: PlanRepresentable {}

extension JournalLine {
  /// What tells the lines apart: `begun`, `intent`, `fact`, `ended`, `decision`.
  package var type: String {
    switch self {
    case .begun: "begun"
    case .change(let record): record.phase.rawValue
    case .ended: "ended"
    case .decision: "decision"
    }
  }

  /// The members of its JSON.
  var members: [(String, (any PlanRepresentable)?)] {
    [("type", type), ("run", run.isEmpty ? nil : run), ("time", time.milliseconds)] + ownMembers
  }

  private var ownMembers: [(String, (any PlanRepresentable)?)] {
    switch self {
    case .begun(let header):
      [
        ("verb", header.verb), ("actor", header.actor), ("commit", header.commit), ("planHash", header.planHash),
        ("endpoints", header.endpoints), ("undoes", header.undoes), ("approvedBy", header.approvedBy),
      ]
    case .change(let record):
      [
        ("endpoint", record.endpoint), ("kind", record.key.kind), ("name", record.key.name), ("action", record.action),
        ("remoteID", record.remoteID), ("outcome", record.phase == .fact ? record.outcome : nil),
        ("change", record.detail),
      ]
    case .ended(let end): [("outcome", end.outcome), ("counts", end.counts)]
    case .decision(let decision):
      [
        ("deed", decision.deed), ("actor", decision.actor), ("endpoint", decision.endpoint),
        ("kind", decision.key?.kind), ("name", decision.key?.name), ("finding", decision.finding),
        ("plan", decision.plan), ("commit", decision.commit), ("reason", decision.reason),
        ("until", decision.until?.milliseconds),
      ]
    }
  }

  /// - Throws: ``PlanFormatError`` for what is no line of a journal.
  init(_ fields: PlanFields) throws(PlanFormatError) {
    let type: String = try fields("type")
    let run: String = try fields.optional("run") ?? ""
    let time = Date(milliseconds: try fields("time"))
    switch type {
    case "begun": self = .begun(try RunHeader(fields, run: run, time: time))
    case "ended":
      self = .ended(
        RunEnd(run: run, time: time, outcome: try fields("outcome"), counts: try fields("counts")))
    case "decision": self = .decision(try JournalDecision(fields, time: time))
    default:
      guard let phase = JournalRecord.Phase(rawValue: type) else {
        throw PlanFormatError(description: "a line of the type \(type) is not known here")
      }
      self = .change(try JournalRecord(fields, run: run, time: time, phase: phase))
    }
  }
}

extension RunHeader {
  fileprivate init(_ fields: PlanFields, run: String, time: Date) throws(PlanFormatError) {
    self.init(
      run: run, time: time, verb: try fields("verb"), actor: try fields("actor"),
      commit: try fields.optional("commit"), planHash: try fields("planHash"), endpoints: try fields("endpoints"),
      undoes: try fields.optional("undoes"), approvedBy: try fields.optional("approvedBy"))
  }
}

extension JournalDecision {
  fileprivate init(_ fields: PlanFields, time: Date) throws(PlanFormatError) {
    self.init(try fields("deed"), by: try fields("actor"), at: time, endpoint: try fields.optional("endpoint"))
    let kind: String? = try fields.optional("kind")
    if let kind { key = ResourceKey(kind, try fields("name")) }
    finding = try fields.optional("finding")
    plan = try fields.optional("plan")
    commit = try fields.optional("commit")
    reason = try fields.optional("reason")
    let end: Int? = try fields.optional("until")
    until = end.map(Date.init(milliseconds:))
  }
}

extension JournalRecord {
  fileprivate init(_ fields: PlanFields, run: String, time: Date, phase: Phase) throws(PlanFormatError) {
    self.init(
      run: run, time: time, endpoint: try fields("endpoint"),
      key: ResourceKey(try fields("kind"), try fields("name")), action: try fields("action"), phase: phase,
      remoteID: try fields.optional("remoteID"), outcome: try fields.optional("outcome") ?? "",
      detail: try fields.optional("change"))
  }
}

extension JournalRecord.Detail: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [("attributes", attributes), ("reason", reason), ("source", source), ("removed", removed)]))
  }

  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "a change in the journal")
    self.init(
      attributes: try fields("attributes"), reason: try fields("reason"), source: try fields.optional("source"),
      removed: try fields.optional("removed"))
  }
}

extension RunEnd.Counts: PlanRepresentable {
  var planJSON: JSONValue {
    .object(
      JSONObject(plan: [
        ("applied", applied), ("failed", failed), ("skipped", skipped), ("stale", stale), ("cancelled", cancelled),
      ]))
  }

  init(planJSON: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(planJSON, of: "the counts of a run")
    applied = try fields("applied")
    failed = try fields("failed")
    skipped = try fields("skipped")
    stale = try fields("stale")
    cancelled = try fields("cancelled")
  }
}

extension Date {
  /// Since 1970: what the journal keeps of a time.
  package var milliseconds: Int { Int((timeIntervalSince1970 * 1000).rounded()) }

  package init(milliseconds: Int) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
