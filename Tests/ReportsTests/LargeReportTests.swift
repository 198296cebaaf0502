import JSON
import Reconciliation
import Testing

@testable import Reports

/// Reports of thousands of changes.
@Suite struct LargeReportTests {
  private static let plan: Plan = {
    let long = String(repeating: "ü", count: 300)
    let changes = (0..<5000).map { index in
      Change.of(
        Change.Action.allCases[index % 4], "User", "user\(index)", reason: "because \(long)",
        at: Place(file: "people.yaml", line: index), [.of("title", .string(long), .string("new\(index)"))])
    }
    return Plan(endpoints: [.of("slack-prod", changes)])
  }()

  private static let outcomes = Dictionary(
    uniqueKeysWithValues: plan.changes.map { ($0.key.name, Outcome.failed(reason: String(repeating: "@", count: 500))) }
  )

  @Test func markdownCanBePosted() {
    let reports = [
      Report(verb: .plan, plan: Self.plan), Report(verb: .drift, plan: Self.plan),
      Report(verb: .apply, plan: Self.plan, summary: .of(Self.plan, but: Self.outcomes)),
      Report(
        verb: .plan,
        diagnostics: (1...5000).map { Diagnostic(.error, "M001", "no", at: Place(file: "a.yaml", line: $0)) }),
      Report(verb: .plan, reasons: Array(repeating: String(repeating: "x", count: 1000), count: 500)),
      Report(verb: .plan, unreachable: [.init(endpoint: "a", message: String(repeating: "&", count: 100_000))]),
    ]
    for report in reports { #expect(report.rendered(as: .markdown).utf8.count < 65_536) }
  }

  @Test func riskyChangesStandFirst() throws {
    let text = Report(verb: .plan, plan: Self.plan).rendered(as: .markdown)
    #expect(text.contains("- **delete** `User/user3`"))
    #expect(!text.contains("**create**"))
    let before = Report(verb: .plan, plan: Self.plan).footer.count
    let items = text.split(separator: "\n").count { $0.hasPrefix("- ") }
    #expect(text.hasSuffix("\n… and \((5000 + before - items).grouped) more: see `-o json`.\n"))
  }

  @Test func jsonHasThemAll() throws {
    let report = Report(verb: .plan, plan: Self.plan, exit: .differences, reasons: ["because"])
    let json = try JSONValue(parsing: Array(report.rendered(as: .json).utf8))
    #expect(json["changes"]?.array?.count == 5000)
    #expect(json["calls"] == 5000)
    #expect(json["hash"]?.string == Self.plan.hash)
    #expect(json["exit"] == 2)
    #expect(json["reasons"] == ["because"])
    #expect(json["summary"] == ["create": 1250, "update": 1250, "disable": 1250, "delete": 1250, "withheld": 0])
  }
}
