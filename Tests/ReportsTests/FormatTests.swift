import Foundation
import FoundationXML
import JSON
import Reconciliation
import Testing

@testable import Reports

/// What the formats for machines promise beyond their letters.
@Suite struct FormatTests {
  private static let reports = GoldenTests.cases

  @Test(arguments: reports) func sarifPlacesEveryResultAndNamesItsRule(_ example: GoldenTests.Case) throws {
    let run = try #require(
      JSONValue(parsing: Array(example.report.rendered(as: .sarif).utf8))["runs"]?.array?.first)
    let rules = Set(run["tool"]?["driver"]?["rules"]?.array?.compactMap { $0["id"]?.string } ?? [])
    let results = run["results"]?.array ?? []
    #expect(Set(results.compactMap { $0["ruleId"]?.string }) == rules)
    #expect(
      results.count
        == example.report.diagnostics.count + example.report.objections.count + example.report.unreachable.count
        + example.report.rows.count)
    for result in results {
      for location in result["locations"]?.array ?? [] {
        #expect((location["physicalLocation"]?["region"]?["startLine"]?.int ?? 0) >= 1)
      }
    }
  }

  @Test(arguments: [
    ("people/a b.yaml", "people/a%20b.yaml"), ("/etc/x.yaml", "file:///etc/x.yaml"),
    ("a:b/ö.yaml", "a%3Ab/%C3%B6.yaml"),
  ])
  func pathsAreReferences(path: String, reference: String) { #expect(ReportSARIF.reference(path) == reference) }

  @Test(arguments: reports) func junitCountsWhatItHolds(_ example: GoldenTests.Case) throws {
    let text = example.report.rendered(as: .junit)
    let parser = XMLParser(data: Data(text.utf8))
    let counter = ElementCounter()
    parser.delegate = counter
    try #require(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(counter.elements["testcase"] == counter.tests)
    #expect(counter.elements["failure", default: 0] == counter.failures)
    #expect(counter.elements["skipped", default: 0] == counter.skipped)
    #expect(example.report.exit == .success || counter.failures > 0, "a job must fail when the command does")
  }

  @Test(arguments: reports) func everyLineOfCSVHasAsManyCells(_ example: GoldenTests.Case) {
    let lines = example.report.rendered(as: .csv).split(separator: "\r\n")
    let cells = lines.map(Self.cells)
    #expect(Set(cells.map(\.count)).count == 1)
    #expect(cells.first?.first == "endpoint")
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"]) func noCellIsAFormula(_ name: String) {
    let change = Change.of(.update, "User", name, reason: name, [.of("title", .string(name), .string(name))])
    let text = Report(verb: .plan, plan: Plan(endpoints: [.of(name, [change])])).rendered(as: .csv)
    for cell in text.split(separator: "\r\n").flatMap(Self.cells) {
      #expect(!(cell.first.map { "=+-@\t\r".contains($0) } ?? false), "\(cell)")
    }
  }

  @Test(arguments: reports) func pagesAreWellFormed(_ example: GoldenTests.Case) throws {
    let text = example.report.rendered(as: .html)
    // What is between the style's and the script's tags is no markup of ours.
    let markup = text.replacing("<!DOCTYPE html>", with: "")
      .replacing(#/<script>[\s\S]*?<\/script>/#, with: "").replacing(#/<style>[\s\S]*?<\/style>/#, with: "")
    let parser = XMLParser(data: Data(markup.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(!text.contains("http://") && !text.contains("https://"))
  }

  @Test func hostileTextStaysText() {
    for report in HostileTextTests.reports {
      for format in [ReportFormat.html, .junit] {
        #expect(!report.rendered(as: format).contains("<b>"))
      }
    }
  }

  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}

private final class ElementCounter: NSObject, XMLParserDelegate {
  private(set) var elements: [String: Int] = [:]
  /// As the outermost element tells them, and of what was skipped, the suites.
  private(set) var (tests, failures, skipped) = (0, 0, 0)

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements[name, default: 0] += 1
    if name == "testsuite" { skipped += Int(attributes["skipped"] ?? "") ?? -1 }
    guard name == "testsuites" else { return }
    tests = Int(attributes["tests"] ?? "") ?? -1
    failures = Int(attributes["failures"] ?? "") ?? -1
  }
}
