import Foundation
import JSON
import Reconciliation
import Testing

@testable import Reports

/// What reports tell of drift that is remembered.
@Suite struct DriftTests {
  private func report(_ change: (inout DriftOverview) -> Void = { _ in }) -> Report {
    var overview = Sample.drift
    change(&overview)
    var plan = Sample.datedPlan
    for index in plan.endpoints[0].reads.indices { plan.endpoints[0].reads[index].completeness = .complete }
    return Report(verb: .drift, plan: plan, drift: overview, manifestChanges: Sample.manifestChanges)
  }

  private func lastLine(_ report: Report) -> String {
    report.rendered(as: .text).split(separator: "\n").last.map(String.init) ?? ""
  }

  // MARK: Words

  @Test(arguments: [
    (0, "1 min"), (59, "1 min"), (60 * 119, "119 min"), (60 * 120, "2 hours"), (47 * 3600, "47 hours"),
    (48 * 3600, "2 days"), (400 * 86_400, "400 days"),
  ])
  func agesAreRoundedDown(_ seconds: Int, _ words: String) { #expect(TimeInterval(seconds).ageWords == words) }

  @Test func theLastLineTellsWhatCountsAndWhatDoesNot() {
    #expect(
      lastLine(report())
        == "Drift: 4 findings at 1 endpoint, 1 new; apply would make 5 changes; 1 acknowledged, 1 known from the baseline."
    )
    #expect(
      lastLine(report { $0.filter.onlyNew = true })
        == "Drift: 1 finding at 1 endpoint, 1 new; apply would make 5 changes; 1 acknowledged, 1 known from the baseline,"
        + " 3 not shown.")
    #expect(
      lastLine(report { $0.filter.minimumAge = 30 * 86_400 })
        == "Nothing to act on: 1 acknowledged, 1 known from the baseline, 4 not shown.")
  }

  @Test func whatWasNotAskedForIsInNoFormat() {
    let report = report { $0.filter.onlyNew = true }
    for format in ReportFormat.allCases where format != .json && format != .prometheus {
      let text = report.rendered(as: format)
      #expect(!text.contains("dave"), "\(format)")
      #expect(text.contains("zoe@old") || text.contains("zoe@&#8203;old"), "\(format)")
    }
    #expect(
      report.json["findings"]?.array?.compactMap { $0["name"]?.string } == ["zoe@old.example", "aws-admins", "frank"])
  }

  // MARK: Formats

  @Test func aCIServerPassesOverWhatPeopleLiveWith() {
    let text = report().rendered(as: .junit)
    let skipped = text.split(separator: "<testcase").filter { $0.contains("<skipped") }
    #expect(skipped.count == 2)
    #expect(skipped.allSatisfy { $0.contains("Group/aws-admins") || $0.contains("User/frank") })
  }

  /// SARIF 2.1.0 section 3.27.23: of one run, all results say whether they are suppressed, or none does.
  @Test func suppressionsAreSaidOfAllResultsOrOfNone() throws {
    let results = try #require(
      ReportSARIF(report: report()).json["runs"]?.array?.first?["results"]?.array)
    #expect(results.allSatisfy { $0["suppressions"]?.array != nil })
    #expect(results.count { $0["suppressions"]?.array?.isEmpty == false } == 2)
    #expect(results.filter { $0["baselineState"] == "new" }.count == 1)
    let open = try #require(
      ReportSARIF(report: report { $0.items.removeAll { $0.record?.acknowledgement != nil || $0.isInBaseline } }).json[
        "runs"]?.array?.first?["results"]?.array)
    #expect(!open.isEmpty && open.allSatisfy { $0["suppressions"] == nil })
  }

  @Test func metricsCountWhatCounts() {
    let text = report().rendered(as: .prometheus)
    for line in [
      #"rollcall_drift_findings{endpoint="slack-prod",class="changed"} 1"#,
      #"rollcall_drift_findings{endpoint="slack-prod",class="unmanaged"} 2"#,
      #"rollcall_drift_new_findings{endpoint="slack-prod"} 1"#,
      #"rollcall_drift_known_findings{endpoint="slack-prod",standing="acknowledged"} 1"#,
      #"rollcall_drift_known_findings{endpoint="slack-prod",standing="baseline"} 1"#,
      #"rollcall_drift_oldest_finding_seconds{endpoint="slack-prod"} 259200"#,
      #"rollcall_drift_oldest_finding_seconds{endpoint="local"} 0"#,
    ] { #expect(text.contains(line + "\n"), "\(line)") }
  }

  // MARK: Who

  @Test(arguments: [ReportFormat.text, .markdown, .html, .json, .csv])
  func whoeverDidItIsNamed(_ format: ReportFormat) {
    let text = report().rendered(as: format)
    #expect(text.contains("Zoë"))
    #expect(text.contains("4f1c2ab1"))
    #expect(text.contains("2026-11-21"), "when alice was last changed at the endpoint")
  }

  @Test func causesTellWhatIsKnown() {
    let change = Sample.manifestChanges.values.first
    let doing = Doing(manifest: change, modified: Sample.expiry)
    #expect(doing.words(for: .manifest) == "changed in the manifest by Zoë Example (4f1c2ab1)")
    #expect(doing.words(for: .endpoint) == "changed at the endpoint, last on 2026-11-24 01:30")
    #expect(
      doing.words(for: .both)
        == "changed in both places, the manifest by Zoë Example (4f1c2ab1), there last on 2026-11-24 01:30")
    for cause in [Cause.manifest, .endpoint, .both, .unknown] { #expect(Doing().words(for: cause) == cause.words) }
  }

  // MARK: Over time

  @Test func aPictureNeedsSomethingToShow() {
    let now = Sample.drift.time
    #expect(ReportTimeline(samples: [], until: now) == nil)
    let none = DriftSample(endpoint: "e", time: now - 1000, document: DriftCounts().json)
    #expect(ReportTimeline(samples: [none], until: now) == nil)
    let some = DriftSample(endpoint: "e", time: now - 500, document: DriftCounts(open: [.foreign: 1]).json)
    #expect(ReportTimeline(samples: [some], until: now - 500) == nil)
    #expect(ReportTimeline(samples: [none, some], until: now) != nil)
  }

  /// What lasted for a moment only is seen, and thousands of measurements make no large page.
  @Test func theWorstOfEachStretchIsShown() {
    let now = Sample.drift.time
    let samples = (0..<20_000).map { index in
      DriftSample(
        endpoint: "e", time: now - Double(20_000 - index) * 300,
        document: DriftCounts(open: [.changed: index == 7_777 ? 900 : 1]).json)
    }
    let text = report { $0.samples = samples }.rendered(as: .html)
    #expect(text.contains("at most 900, at the end 1"))
    #expect(text.utf8.count < 60_000)
  }

  // MARK: Lists

  @Test func remembersFindingsWithoutAPlan() throws {
    let list = DriftList(Sample.drift.items.compactMap(\.record), at: Sample.drift.time)
    let lines = list.text(.plain).split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines.last?.contains("acknowledged until 2026-12-31 by alice@build-7: carol is on call") == true)
    let findings = try #require(list.json["findings"]?.array)
    #expect(findings.count == 6 && findings.allSatisfy { $0["lastSeen"]?.string != nil })
    #expect(DriftList([], at: Sample.drift.time).text(.plain) == "No drift is remembered.\n")
  }
}
