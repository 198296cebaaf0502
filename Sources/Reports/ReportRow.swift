import Reconciliation

/// One resource that a report has something to say of: a row of a table, a case of a test suite, a result of an analysis.
struct ReportRow {
  /// What a report says of a resource.
  enum Subject {
    /// It is to be changed, or was; an outcome when that was tried.
    case change(Change.Action, Outcome?)
    /// It differs, and no manifest asked for it.
    case drift(DriftReport.Finding.Class)
    /// It is left as it is, although the manifests ask for something else.
    case withheld
  }

  var subject: Subject
  var endpoint: String
  var key: ResourceKey
  var attributes: [AttributeChange] = []
  var reason = ""
  var source: SourceLocation?
  /// What is known of it, when it is a finding of drift.
  var finding: KnownFinding?

  /// One word for machines: `create`, `missing`, `withheld`.
  var word: String {
    switch subject {
    case .change(let action, _): action.rawValue
    case .drift(let kind): kind.rawValue
    case .withheld: "withheld"
    }
  }

  var outcome: Outcome? {
    if case .change(_, let outcome) = subject { outcome } else { nil }
  }

  /// What happened to the resource, in a sentence for people.
  var sentence: String {
    switch subject {
    case .change(_, let outcome?) where !outcome.words.isEmpty: outcome.words
    case .change(let action, _): reason.isEmpty ? action.rawValue : "\(action.rawValue): \(reason)"
    case .drift(let kind): finding?.standing.words ?? kind.words
    case .withheld: reason
    }
  }
}

extension ReportRow {
  fileprivate init(_ known: KnownFinding) {
    let finding = known.item.finding
    self.init(
      subject: .drift(finding.class), endpoint: finding.endpoint, key: finding.key, attributes: finding.attributes,
      source: finding.source, finding: known)
  }
}

extension Report {
  /// What the report says of single resources: drift as findings, everything else as changes and what is withheld.
  var rows: [ReportRow] {
    guard let plan else { return [] }
    if verb == .drift { return known.map(ReportRow.init) }
    return plan.endpoints.flatMap { rows(of: $0, outcomes: summary?.outcomes(at: $0.endpoint) ?? []) }
  }

  private func rows(of plan: EndpointPlan, outcomes: [Outcome]) -> [ReportRow] {
    plan.changes.enumerated().map { index, change in
      ReportRow(
        subject: .change(change.action, outcomes.indices.contains(index) ? outcomes[index] : nil),
        endpoint: plan.endpoint, key: change.key, attributes: change.attributes, reason: change.reason,
        source: change.source)
    }
      + plan.withheld.map {
        ReportRow(
          subject: .withheld, endpoint: plan.endpoint, key: $0.key, reason: $0.reason, source: $0.source)
      }
  }
}

extension DriftReport.Finding.Class {
  /// In a sentence for people.
  var words: String {
    switch self {
    case .missing: "it was there and is gone"
    case .changed: "it is other than the manifests say"
    case .unmanaged: "it is ours and in no manifest any more"
    case .foreign: "it is in no manifest and not ours"
    }
  }
}

extension AttributeChange {
  /// Both values in one line of plain text; of members, who comes and who leaves.
  var plainText: String {
    let value = isMembership ? MemberText(attribute: self).lines(width: .max).joined(separator: "  ") : valueText
    return "\(shortPath): \(value.rendered(.plain))"
  }
}
