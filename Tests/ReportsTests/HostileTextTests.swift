import Foundation
import JSON
import Testing

@testable import Reconciliation
@testable import Reports

/// Whatever manifests and endpoints say, it stays text.
@Suite struct HostileTextTests {
  private static let hostile =
    "\u{1B}]0;pwned\u{7}\u{1B}[2J\r\nPlan: 0\t\u{9B}31m\u{7F}\u{202E}\u{2028}\u{200B}`|<b>@all #1 ![x](http://e) www.e.org"

  /// A report that says it at every place that takes text from outside.
  static let reports: [Report] = {
    let text = hostile
    let change = Change.of(
      .update, text, text, as: .found, reason: text, at: Place(file: text, line: 1),
      [
        .of(text, .string(text), .object([text: .array([.string(text)])]), .both),
        .of("members", [.string(text)], [.string(text)]),
      ])
    let plan = Plan(endpoints: [
      .of(text, [change]) { plan in
        plan.reads = [.init(resourceType: text, read: 1, total: 2, completeness: .incomplete(reason: text))]
        plan.limitations = [text]
        plan.withheld = [
          .init(key: ResourceKey(text, text), situation: .foreign, reason: text, source: Place(file: text, line: 1))
        ]
        plan.foreign = [.init(resourceType: text, id: text, name: text)]
        plan.accessChanges = [
          .init(member: text, group: text, groupKey: ResourceKey("Group", text), gains: true, endpoint: text)
        ]
      }
    ])
    let diagnostic = Diagnostic(
      .error, "M001", text, at: Place(file: text, line: 1, column: 4), length: 3, sourceLine: text, hint: text,
      notes: [.init(text, at: Place(file: text, line: 2)), .init(text)])
    var drift = DriftOverview(plan.drift(), at: Sample.drift.time)
    for index in drift.items.indices {
      var record = DriftRecord(drift.items[index].finding, firstSeen: drift.time, lastSeen: drift.time)
      if index == 0 { record.acknowledgement = .init(until: .distantFuture, reason: text, by: text, at: drift.time) }
      drift.items[index].record = record
    }
    let remembered = Report(
      verb: .drift, documents: 1, plan: plan, drift: drift,
      manifestChanges: [
        Place(file: text, line: 1): ManifestChange(commit: text, author: text, time: drift.time, subject: text)
      ])
    return [remembered]
      + [Report.Verb.plan, .drift, .apply].map { verb in
        Report(
          verb: verb, diagnostics: [diagnostic], documents: 1, plan: plan,
          unreachable: [.init(endpoint: text, message: text)],
          objections: [
            Objection(guardrail: text, endpoint: text, message: text, hint: text, keys: [ResourceKey(text, text)])
          ],
          summary: verb == .apply ? .of(plan, but: [text: .failed(reason: text)]) : nil, exit: .refused, reasons: [text]
        )
      }
  }()

  @Test(arguments: ReportFormat.allCases) func nothingSteersTheTerminal(_ format: ReportFormat) {
    for report in Self.reports {
      // A table ends its lines as RFC 4180 has it.
      let lineEnds: [Unicode.Scalar] = format == .csv ? ["\r", "\n"] : ["\n"]
      for scalar in report.rendered(as: format).unicodeScalars where !lineEnds.contains(scalar) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
          Issue.record("\(format) has U+\(String(scalar.value, radix: 16))")
        default: break
        }
      }
    }
  }

  @Test func nothingForgesALine() {
    for report in Self.reports {
      let lines = report.rendered(as: .text).split(whereSeparator: \.isNewline)
      let forged = lines.filter { $0.hasPrefix("Plan: 0") && !$0.hasPrefix("Plan: 0 to add") }
      #expect(forged.isEmpty)
    }
  }

  @Test func jsonMeansTheSame() throws {
    let json = try JSONValue(parsing: Array(Self.reports[1].rendered(as: .json).utf8))
    #expect(json["changes"]?.array?.first?["name"]?.string == Self.hostile)
    #expect(json["diagnostics"]?.array?.first?["message"]?.string == Self.hostile)
  }

  @Test(arguments: ["a`b", "``", "`a", "", "a\nb"]) func codeSpansHold(_ text: String) {
    let span = Markdown.code(text)
    let fence = span.prefix { $0 == "`" }
    #expect(!span.dropFirst(fence.count).dropLast(fence.count).contains(fence))
    #expect(!span.contains("\n"))
  }

  @Test func proseIsNoMarkup() {
    #expect(Markdown.prose("<b>*x*_y_[z](u)") == #"&lt;b&gt;\*x\*\_y\_\[z\](u)"#)
    #expect(
      Markdown.prose("@all #12 https://e www.e.org") == "@&#8203;all #&#8203;12 https:&#8203;//e www&#8203;.e.org")
  }

  @Test func joinersStay() { #expect("👩‍🚀 می‌خواهم".escapingControls() == "👩‍🚀 می‌خواهم") }

  @Test(arguments: ReportFormat.allCases) func secretsStayAway(_ format: ReportFormat) {
    var change = Change.of(.update, "User", "al", [.of("password", "•••", "•••")])
    change.secrets = ["password": .literal(Secret("hunter2"))]
    change.request = .replace(["password": "hunter2"])
    change.ledgerEntry = nil
    let text = Report(verb: .plan, plan: Plan(endpoints: [.of("local", [change])])).rendered(as: format)
    #expect(!text.contains("hunter2"))
    // Metrics tell how many, and of nobody what.
    #expect(format == .prometheus || text.contains("•••"))
  }
}
