import Foundation
import JSON
import Testing

@testable import Reconciliation

/// Which findings count, and what of a plan is shown.
struct DriftOverviewTests {
  private static let now = Date(timeIntervalSince1970: 1_800_000_000)
  private static let day: TimeInterval = 86_400

  private static func change(_ name: String, _ causes: [Cause], _ action: Change.Action = .update) -> Change {
    Change(
      key: ResourceKey("User", name), action: action, situation: .linked, request: .patch([]),
      attributes: causes.enumerated().map { index, cause in
        AttributeChange(path: "a\(index)", before: "x", after: "y", cause: cause)
      })
  }

  /// Drift of three users, one of whose manifests changed as well; one change that is the manifest's; two strangers.
  private static let plan: Plan = {
    var plan = EndpointPlan(endpoint: "e", driver: .embedded)
    plan.changes = [
      change("old", [.endpoint]), change("mixed", [.endpoint, .manifest]),
      change("gone", [.endpoint, .manifest], .create),
      change("news", [.manifest]),
    ]
    plan.foreign = ["old", "zoe"].map { ForeignResource(resourceType: "User", id: $0, name: $0) }
    plan.withheld = [
      .init(key: ResourceKey("User", "left"), situation: .unmanaged, reason: "use --prune", source: nil)
    ]
    return Plan(endpoints: [plan])
  }()

  /// What was `old` a day ago, everything else found now.
  private func overview() -> DriftOverview {
    var memory = DriftMemory()
    let findings = Self.plan.drift().findings
    _ = memory.note(findings.filter { $0.key.name == "old" }, at: Self.now - Self.day, isWhole: true)
    let news = memory.note(findings, at: Self.now, isWhole: true)
    var overview = DriftOverview(Self.plan.drift(), at: Self.now)
    overview.recall(memory, news, at: "e")
    return overview
  }

  private func names(_ items: [DriftOverview.Item]) -> [String] {
    items.map { "\($0.finding.class) \($0.finding.key.name)" }
  }

  @Test func withoutAWishEverythingCounts() {
    let overview = overview()
    #expect(overview.open.count == 6)
    #expect(overview.shown(of: Self.plan) == Self.plan)
    #expect(overview.items.filter { !$0.isNew }.map(\.finding.key.name) == ["old", "old"])
    #expect(overview.age(of: overview.items[0]) == Self.day)
  }

  @Test func onlyNewLeavesWhatAnEarlierReadFound() {
    var overview = overview()
    overview.filter.onlyNew = true
    #expect(names(overview.open) == ["changed mixed", "missing gone", "unmanaged left", "foreign zoe"])
    let shown = overview.shown(of: Self.plan).endpoints[0]
    #expect(shown.changes.map(\.key.name) == ["mixed", "gone"])
    #expect(shown.foreign.map(\.name) == ["zoe"])
  }

  @Test func olderThanLeavesWhatIsYoung() {
    var overview = overview()
    overview.filter.minimumAge = Self.day
    #expect(names(overview.open) == ["changed old", "foreign old"])
    #expect(overview.shown(of: Self.plan).endpoints[0].changes.map(\.key.name) == ["old"])
    overview.filter.minimumAge = Self.day + 1
    #expect(overview.open.isEmpty)
    #expect(overview.shown(of: Self.plan).isEmpty)
  }

  @Test func anOldFindingThatNothingIsRememberedOfIsNotOld() {
    var overview = DriftOverview(Self.plan.drift(), at: Self.now)
    overview.filter.minimumAge = 1
    #expect(overview.open.isEmpty)
  }

  @Test func whatIsKnownIsNotShownAndTheManifestsNewsAre() throws {
    var overview = overview()
    overview.compare(with: DriftBaseline(Self.plan.drift().findings.filter { $0.key.name != "zoe" }))
    #expect(names(overview.open) == ["foreign zoe"])
    let shown = overview.shown(of: Self.plan).endpoints[0]
    #expect(shown.changes.map(\.key.name) == ["mixed", "news"])
    #expect(shown.withheld.isEmpty)
    #expect(shown.foreign.map(\.name) == ["zoe"])
  }

  @Test func anAcknowledgementWeighsMoreThanTheBaselineAndEnds() {
    var overview = overview()
    overview.compare(with: DriftBaseline(Self.plan.drift().findings))
    let acknowledgement = Acknowledgement(until: Self.now + 1, reason: "known", by: "alice", at: Self.now)
    overview.items[0].record?.acknowledgement = acknowledgement
    #expect(overview.standing(of: overview.items[0]) == .acknowledged(acknowledgement))
    overview.time += 1
    #expect(overview.standing(of: overview.items[0]) == .baseline)
  }

  @Test func aBaselineComesBackAsItWent() throws {
    let baseline = DriftBaseline(Self.plan.drift().findings)
    #expect(baseline.count == 6)
    #expect(try DriftBaseline(json: baseline.json) == DriftBaseline(json: baseline.json))
    let again = try DriftBaseline(json: try JSONValue(parsing: Array(baseline.json.pretty().utf8)))
    #expect(again.json == baseline.json)
    for finding in Self.plan.drift().findings { #expect(again.contains(finding.fingerprint)) }
    #expect(!again.contains("0"))
  }

  @Test(arguments: [
    "[]", "{}", #"{"formatVersion": 2, "findings": []}"#, #"{"formatVersion": 1, "findings": [{}]}"#,
    #"{"formatVersion": 1, "findings": [{"fingerprint": "a", "endpoint": "e", "class": "odd", "key": "User/a"}]}"#,
  ])
  func whatIsNoBaselineIsRefused(_ text: String) throws {
    let json = try JSONValue(parsing: Array(text.utf8))
    #expect(throws: PlanFormatError.self) { try DriftBaseline(json: json) }
  }
}
