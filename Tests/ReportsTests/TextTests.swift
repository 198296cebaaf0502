import Foundation
import JSON
import Testing

@testable import Reconciliation
@testable import Reports

@Suite struct TextTests {
  private func text(_ report: Report, _ style: TextStyle = .plain) -> String {
    report.rendered(as: .text, style: style)
  }

  private func lastLine(_ report: Report) -> String {
    text(report).split(separator: "\n").last.map(String.init) ?? ""
  }

  // MARK: Last lines

  @Test(arguments: [Report.Verb.plan, .apply]) func inSync(_ verb: Report.Verb) {
    #expect(lastLine(Report(verb: verb, plan: Plan(endpoints: [.of("local")]))) == "In sync: nothing to change.")
    let withheld = EndpointPlan.of("local") {
      $0.withheld = [
        .init(key: ResourceKey("User", "erin"), situation: .unmanaged, reason: "gone; use --prune", source: nil)
      ]
    }
    #expect(
      lastLine(Report(verb: verb, plan: Plan(endpoints: [withheld]))) == "In sync: nothing to change. 1 withheld.")
  }

  @Test func noDrift() {
    #expect(lastLine(Report(verb: .drift, plan: Plan(endpoints: [.of("local")]))) == "In sync: no drift.")
  }

  @Test func foreignResourcesAreDrift() {
    let plan = EndpointPlan.of("local") { plan in
      plan.foreign = (1...23).map { ForeignResource(resourceType: "User", id: "\($0)", name: "stranger\($0)") }
    }
    let report = Report(verb: .drift, plan: Plan(endpoints: [plan]))
    #expect(text(report).contains("  · User stranger20  in no manifest, not ours\n  · and 3 more\n"))
    #expect(lastLine(report) == "Drift: 23 findings at 1 endpoint; apply would make 0 changes.")
  }

  @Test(arguments: [Report.Verb.plan, .drift]) func whatWasNotReadIsNotInSync(_ verb: Report.Verb) {
    let doubtful = EndpointPlan.of("local") { $0.reads[0].completeness = .incomplete(reason: "page 3 failed") }
    #expect(!text(Report(verb: verb, plan: Plan(endpoints: [doubtful]))).contains("In sync"))
    let unreached = Report.Unreachable(endpoint: "slack", message: "timed out")
    #expect(!text(Report(verb: verb, plan: Plan(endpoints: []), unreachable: [unreached])).contains("In sync"))
  }

  @Test func appliedChangesAreCounted() {
    let changes = (1...4).map { Change.of(.create, "User", "user\($0)", as: .missing) }
    let plan = Plan(endpoints: [.of("local", changes)])
    #expect(lastLine(Report(verb: .apply, plan: plan, summary: .of(plan))) == "Applied: 4 changes in 0.3 s.")
    let partly = Report(
      verb: .apply, plan: plan, summary: .of(plan, but: ["user2": .failed(reason: "no"), "user3": .stale]))
    #expect(lastLine(partly) == "Partly applied: 2 of 4 changes in 0.3 s; 1 failed, 1 stale.")
    let failed = Dictionary(uniqueKeysWithValues: changes.map { ($0.key.name, Outcome.failed(reason: "no")) })
    #expect(
      lastLine(Report(verb: .apply, plan: plan, summary: .of(plan, but: failed))).hasPrefix("Not applied: 0 of 4"))
  }

  // MARK: Diagnostics

  /// A flood of warnings keeps no error away.
  @Test func aPersonSeesTheFirstFaults() {
    func fault(_ line: Int, _ severity: Diagnostic.Severity) -> Diagnostic {
      Diagnostic(severity, "M001", "fault \(line)", at: Place(file: "x.yaml", line: line))
    }
    let faults = (1...1000).map { fault($0, .warning) } + (1001...1060).map { fault($0, .error) }
    let report = Report(verb: .validate, diagnostics: faults, exit: .invalidManifests)
    let lines = text(report).split(separator: "\n").filter { $0.hasPrefix("x.yaml") || $0.hasPrefix("…") }
    #expect(lines.first == "x.yaml:1001:1: error[M001]: fault 1001")
    #expect(lines.count == 51)
    #expect(lines.last == "… and 1,010 more, 10 errors among them: rollcall validate -o json has all.")
    #expect(lastLine(report) == "Invalid: 60 errors, 1,000 warnings in 0 documents.")
    #expect(text(Report(verb: .validate, diagnostics: Array(faults.prefix(50)))).contains("fault 50"))
    #expect(report.rendered(as: .json).contains("fault 1000"))
  }

  // MARK: What only the ledger learns

  @Test(arguments: [
    (Report.Verb.plan, "apply would record in the ledger without a call: 1 resource"),
    (.drift, "apply would record in the ledger without a call: 1 resource"),
    (.apply, "recorded in the ledger without a call: 1 resource"),
  ]) func onlyApplyRecords(_ verb: Report.Verb, _ words: String) {
    let entry = Ledger.Entry(
      key: ResourceKey("User", "al"), remoteID: "1", origin: .adopted, applied: [:], updatedAt: .distantPast)
    let plan = Plan(endpoints: [.of("local") { $0.adoptions = [entry] }])
    #expect(text(Report(verb: verb, plan: plan)).contains("note: \(words)"))
  }

  // MARK: Layout

  @Test func remarksStandBelowEachOther() {
    let changes = ["al", "bartholomew", "山田"].map {
      Change.of(.create, "User", $0, as: .missing, at: Place(file: "people.yaml", line: 7))
    }
    let lines = text(Report(verb: .plan, plan: Plan(endpoints: [.of("local", changes)]))).split(separator: "\n")
    let columns = lines.compactMap { line in
      line.range(of: "people.yaml").map { String(line[..<$0.lowerBound]).columns }
    }
    #expect(columns.count == 3)
    #expect(Set(columns).count == 1)
  }

  @Test func longMemberListsAreCutAndBroken() {
    let names = (1...500).map { JSONValue.string("a-rather-long-member-name-\($0)") }
    let change = Change.of(.update, "Group", "all", [.of("members", .array(names), .array(names))])
    let text = text(Report(verb: .plan, plan: Plan(endpoints: [.of("local", [change])])))
    #expect(text.contains("+ 492 more") && text.contains("- 492 more"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func longValuesAreCut() {
    let change = Change.of(.update, "User", "al", [.of("title", nil, .string(String(repeating: "x", count: 9000)))])
    #expect(text(Report(verb: .plan, plan: Plan(endpoints: [.of("local", [change])]))).count < 800)
  }

  @Test(arguments: [
    (#"emails[type eq "work"].value"#, "emails[work]"), (#"emails[type eq "work"].primary"#, "emails[work].primary"),
    ("name.givenName", "name.givenName"), ("not a path", "not a path"), ("urn:x:y:1.0:Z:badge", "urn:x:y:1.0:Z:badge"),
    ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "enterprise:manager"),
  ]) func pathsAreShort(_ path: String, _ short: String) {
    #expect(AttributeChange.of(path, nil, nil).shortPath == short)
  }

  @Test func onlyTheNamingAttributeRenames() {
    let attributes: [AttributeChange] = [.of("displayName", "A", "B"), .of("title", "A", "B")]
    #expect(
      !text(Report(verb: .plan, plan: Plan(endpoints: [.of("local", [.of(.update, "User", "al", attributes)])])))
        .contains("rename"))
    #expect(
      text(Report(verb: .plan, plan: Plan(endpoints: [.of("local", [.of(.update, "Group", "al", attributes)])])))
        .contains("rename, id kept"))
  }

  @Test func coloursOnlyWhereAskedFor() {
    for example in GoldenTests.cases {
      #expect(!text(example.report).unicodeScalars.contains("\u{1B}"), "\(example.name)")
    }
    #expect(text(GoldenTests.cases[0].report, TextStyle(colors: true, width: 100)).contains("\u{1B}[32m"))
  }
}
