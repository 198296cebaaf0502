import Reconciliation
import Testing

@testable import Reports

/// Every kind of report in every format, letter for letter.
@Suite struct GoldenTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var report: Report
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "plan", report: Report(verb: .plan, documents: 9, plan: Sample.plan, planExpiresAt: Sample.expiry)),
    Case(name: "drift", report: Report(verb: .drift, documents: 9, plan: Sample.plan, exit: .differences)),
    Case(
      name: "drift-remembered",
      report: Report(
        verb: .drift, documents: 9, plan: Sample.datedPlan, drift: Sample.drift,
        manifestChanges: Sample.manifestChanges,
        exit: .differences)),
    Case(
      name: "applied", report: Report(verb: .apply, documents: 9, plan: Sample.plan, summary: .of(Sample.plan))),
    Case(
      name: "partly-applied",
      report: Report(
        verb: .apply, documents: 9, plan: Sample.plan,
        summary: .of(
          Sample.plan,
          but: [
            "bob": .failed(reason: "409 uniqueness: userName is taken"),
            "aws-admins": .skipped(because: ResourceKey("User", "bob")),
          ]),
        exit: .partial, reasons: ["2 of 5 changes were not applied"])),
    Case(
      name: "refused",
      report: Report(
        verb: .apply, documents: 9, plan: Sample.plan,
        objections: [
          Objection(
            guardrail: "maxDeletes", endpoint: "slack-prod", message: "deletes 90 of 1204 Users; the limit is 5%",
            hint: "raise safety.maxDeletes, or pass --max-deletes for this run", keys: [ResourceKey("User", "frank")])
        ], exit: .refused, reasons: ["deletes 90 of 1204 Users; the limit is 5%"])),
    Case(
      name: "unreachable",
      report: Report(
        verb: .drift, documents: 9, plan: Plan(endpoints: [.of("local")]),
        unreachable: [.init(endpoint: "slack-prod", message: "the name could not be resolved")], exit: .unreachable,
        reasons: ["slack-prod: the name could not be resolved"])),
    Case(
      name: "invalid",
      report: Report(
        verb: .plan, diagnostics: Sample.diagnostics, documents: 2, exit: .invalidManifests,
        reasons: ["the manifests have 1 error"])),
  ]

  @Test(arguments: cases) func text(_ example: Case) throws {
    try Golden.expect(example.report.rendered(as: .text), matches: "\(example.name).txt")
  }

  @Test(arguments: cases) func json(_ example: Case) throws {
    try Golden.expect(example.report.rendered(as: .json), matches: "\(example.name).json")
  }

  @Test(arguments: cases) func markdown(_ example: Case) throws {
    try Golden.expect(example.report.rendered(as: .markdown), matches: "\(example.name).md")
  }

  @Test(arguments: cases, [ReportFormat.html, .junit, .sarif, .csv, .prometheus])
  func formatsOfOthers(_ example: Case, _ format: ReportFormat) throws {
    try Golden.expect(example.report.rendered(as: format), matches: "\(example.name).\(format.rawValue)")
  }

  @Test func colours() throws {
    let report = Report(verb: .plan, plan: Sample.plan, planExpiresAt: Sample.expiry)
    try Golden.expect(
      report.rendered(as: .text, style: TextStyle(colors: true, width: 100)), matches: "plan-colours.txt")
  }
}
