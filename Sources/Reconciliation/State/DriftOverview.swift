import Foundation

/// The drift that one read found, with what is known of each finding: what counts, what people have agreed to live with,
/// and what was asked to be shown.
package struct DriftOverview: Sendable {
  package struct Item: Sendable {
    package var finding: DriftReport.Finding
    package let fingerprint: String
    /// nil where nothing is remembered.
    package var record: DriftRecord?
    /// Whether no earlier read had found it.
    package var isNew = false
    package var isInBaseline = false

    package init(_ finding: DriftReport.Finding) {
      self.finding = finding
      fingerprint = finding.fingerprint
    }
  }

  /// Which findings are shown and count.
  package struct Filter: Hashable, Sendable {
    package var onlyNew = false
    /// In seconds.
    package var minimumAge: TimeInterval?

    package init(onlyNew: Bool = false, minimumAge: TimeInterval? = nil) {
      self.onlyNew = onlyNew
      self.minimumAge = minimumAge
    }

    package var isActive: Bool { onlyNew || minimumAge != nil }
  }

  /// What a finding means to the reader.
  package enum Standing: Hashable, Sendable {
    /// It counts.
    case open
    /// It counts, and is not what was asked for.
    case filtered
    case acknowledged(Acknowledgement)
    case baseline
  }

  package var items: [Item]
  /// When the endpoints were read.
  package var time: Date
  package var filter = Filter()
  /// Measurements of the time before, oldest first.
  package var samples: [DriftSample] = []

  package init(_ drift: DriftReport, at time: Date) {
    items = drift.findings.map(Item.init)
    self.time = time
  }

  /// Takes in what is remembered of an endpoint.
  package mutating func recall(_ memory: DriftMemory, _ news: DriftMemory.News, at endpoint: String) {
    for index in items.indices where items[index].finding.endpoint == endpoint {
      items[index].record = memory.records[items[index].fingerprint]
      items[index].isNew = news.appeared.contains(items[index].fingerprint)
    }
  }

  /// Takes in what a team has agreed to live with.
  package mutating func compare(with baseline: DriftBaseline) {
    for index in items.indices { items[index].isInBaseline = baseline.contains(items[index].fingerprint) }
  }

  package func standing(of item: Item) -> Standing {
    if let acknowledgement = item.record?.acknowledgement(at: time) { return .acknowledged(acknowledgement) }
    if item.isInBaseline { return .baseline }
    let isOldEnough = filter.minimumAge.map { age(of: item) ?? 0 >= $0 } ?? true
    return (item.isNew || !filter.onlyNew) && isOldEnough ? .open : .filtered
  }

  /// For how long it is known, in seconds; nil where nothing is remembered.
  package func age(of item: Item) -> TimeInterval? { item.record.map { max(0, time.timeIntervalSince($0.firstSeen)) } }

  /// Those of one standing.
  package func items(where isWanted: (Standing) -> Bool) -> [Item] { items.filter { isWanted(standing(of: $0)) } }

  /// Those that count.
  package var open: [Item] { items { $0 == .open } }
}

// MARK: What of a plan is shown

extension DriftOverview {
  /// The plan without what people know already, or did not ask for. What the manifests changed themselves stays, unless
  /// certain findings were asked for.
  package func shown(of plan: Plan) -> Plan { Plan(endpoints: plan.endpoints.map(shown)) }

  private func shown(_ plan: EndpointPlan) -> EndpointPlan {
    let here = items.filter { $0.finding.endpoint == plan.endpoint }
    let hidden = here.filter { standing(of: $0) != .open }
    guard !hidden.isEmpty || filter.isActive else { return plan }
    let ours = Set(hidden.filter { $0.finding.class != .foreign }.map(\.finding.key))
    let theirs = Set(hidden.filter { $0.finding.class == .foreign }.map(\.finding.key))
    let open = Set(here.filter { standing(of: $0) == .open }.map(\.finding.key))
    func isShown(_ key: ResourceKey, _ situation: Situation, isNews: Bool) -> Bool {
      if filter.isActive { return open.contains(key) }
      return isNews || !(situation == .foreign ? theirs : ours).contains(key)
    }
    var shown = plan
    shown.changes = plan.changes.filter { isShown($0.key, $0.situation, isNews: $0.isNewsOfManifests) }
    shown.withheld = plan.withheld.filter { isShown($0.key, $0.situation, isNews: false) }
    shown.foreign = zip(plan.foreign, plan.foreignKeys).filter { isShown($0.1, .foreign, isNews: false) }.map(\.0)
    return shown
  }
}

extension Change {
  /// Whether something in it is what the manifests changed.
  fileprivate var isNewsOfManifests: Bool {
    switch action {
    // A password is set anew with the rest, and counts as the manifest's.
    case .create: attributes.allSatisfy { $0.cause == .manifest }
    case .update: attributes.contains { $0.cause == .manifest }
    case .disable, .delete: situation == .linked && attributes.contains { $0.cause == .manifest }
    }
  }
}
