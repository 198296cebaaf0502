import JSON
import Reconciliation
import Testing

@testable import Reports

@Suite struct ReportJSONTests {
  private func json(_ report: Report) throws -> JSONValue {
    try JSONValue(parsing: Array(report.rendered(as: .json).utf8))
  }

  @Test(arguments: GoldenTests.cases) func fieldsAreAlwaysThere(_ example: GoldenTests.Case) throws {
    let keys = Set(try json(example.report).object?.keys ?? [])
    #expect(
      keys.isSuperset(of: ["formatVersion", "summary", "endpoints", "changes", "calls", "hash", "exit", "reasons"]))
  }

  @Test(arguments: [Report.Verb.plan, .drift, .apply]) func changesAreWhole(_ verb: Report.Verb) throws {
    let changes = try #require(try json(Report(verb: verb, plan: Sample.plan))["changes"]?.array)
    #expect(changes.count == 5)
    for change in changes {
      let keys = Set(change.object?.keys ?? [])
      #expect(keys.isSuperset(of: ["kind", "name", "endpoint", "action", "situation", "source", "attributes"]))
      for attribute in change["attributes"]?.array ?? [] {
        #expect(Set(attribute.object?.keys ?? []) == ["path", "before", "after", "cause"])
      }
    }
  }

  @Test func summaryCounts() throws {
    let summary = try json(Report(verb: .plan, plan: Sample.plan))["summary"]
    #expect(summary == ["create": 1, "update": 2, "disable": 1, "delete": 1, "withheld": 1])
  }

  @Test func outcomesStandAtTheirChanges() throws {
    let report = Report(
      verb: .apply, plan: Sample.plan, summary: .of(Sample.plan, but: ["bob": .failed(reason: "taken")]), exit: .partial
    )
    let changes = try #require(try json(report)["changes"]?.array)
    #expect(changes.map { $0["outcome"]?.string } == ["failed", "applied", "applied", "applied", "applied"])
    #expect(changes[0]["message"] == "taken")
  }
}
