import Reconciliation
import XML

/// A report as one page that needs nothing else: to be searched, printed, and kept.
struct ReportHTML {
  let report: Report

  var text: String {
    var page = XMLWriter("<!DOCTYPE html>\n")
    page.element("html", ["lang": "en"]) { page in
      page.element("head") { page in
        page.empty("meta", ["charset": "utf-8"])
        page.empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        page.leaf("title", "rollcall \(report.verb.rawValue)")
        page.element("style") { $0.verbatim(ReportStyle.text) }
      }
      page.element("body") { page in
        header(&page)
        page.element("main") { main(&$0) }
        page.element("script") { $0.verbatim(ReportStyle.search) }
      }
    }
    return page.text + "\n"
  }

  private func header(_ page: inout XMLWriter) {
    page.element("header") { page in
      page.leaf("h1", "rollcall \(report.verb.rawValue)")
      let closing = ClosingLine(report: report).line.rendered(.plain)
      page.leaf("p", closing, ["class": report.exit == .success ? "good" : "bad"])
      page.leaf("p", "Exit \(report.exit.rawValue)" + report.reasons.map { " · \($0)" }.joined().escapingControls())
      page.element("label", ["class": "search"]) { page in
        page.characters("Search ")
        page.empty("input", ["type": "search", "id": "search"])
      }
    }
  }

  private func main(_ page: inout XMLWriter) {
    ReportChart(rows: report.rows).write(to: &page)
    if let drift = report.drift { ReportTimeline(samples: drift.samples, until: drift.time)?.write(to: &page) }
    for table in tables where !table.rows.isEmpty { table.write(to: &page) }
  }

  private var tables: [ReportTable] { [diagnostics, stopped, endpoints, changes, known, access] }

  // MARK: Tables

  private var diagnostics: ReportTable {
    ReportTable(
      title: "Diagnostics", columns: ["Where", "What", "Message"],
      rows: report.diagnostics.map { diagnostic in
        [
          .code("\(diagnostic.location)"), .mark(diagnostic.severity.rawValue, diagnostic.code),
          .lines([diagnostic.message] + (diagnostic.hint.map { ["hint: \($0)"] } ?? [])),
        ]
      })
  }

  /// What was not read, and what guardrails refuse.
  private var stopped: ReportTable {
    ReportTable(
      title: "Stopped", columns: ["Endpoint", "What", "Message"],
      rows: report.unreachable.map { [.text($0.endpoint), .mark("error", "not read"), .lines([$0.message])] }
        + report.objections.map { objection in
          [
            .text(objection.endpoint), .mark("error", objection.guardrail),
            .lines([objection.message] + (objection.hint.isEmpty ? [] : ["hint: \(objection.hint)"])),
          ]
        })
  }

  private var endpoints: ReportTable {
    ReportTable(
      title: "Endpoints", columns: ["Endpoint", "Type", "Read", "Notes"],
      rows: (report.plan?.endpoints ?? []).map { plan in
        [
          .text(plan.endpoint), .text(plan.driver.rawValue),
          .lines(plan.reads.map { "\($0.read.grouped) \($0.resourceType.asWords.plural)" }),
          .lines(plan.doubts + plan.limitations),
        ]
      })
  }

  private var changes: ReportTable {
    table(report.verb == .drift ? "Drift" : "Changes", report.rows.filter { $0.finding?.isOpen ?? true })
  }

  /// The drift that does not count.
  private var known: ReportTable {
    table("Acknowledged, or known from the baseline", report.rows.filter { $0.finding?.isOpen == false })
  }

  private func table(_ title: String, _ rows: [ReportRow]) -> ReportTable {
    let isTried = report.summary != nil
    let isRemembered = report.verb == .drift && report.drift != nil
    return ReportTable(
      title: title,
      columns: ["Endpoint", "Resource", "What", "Attributes", "Why", "Manifest"]
        + (isRemembered ? ["Who", "Known", "Fingerprint"] : []) + (isTried ? ["Outcome"] : []),
      rows: rows.map { row in
        [
          .text(row.endpoint), .code(row.key.description), .mark(row.word, row.word),
          .lines(row.attributes.map(\.plainText)), .lines([row.sentence]),
          .code(row.source.map { "\($0.file):\($0.line)" } ?? ""),
        ]
          + (isRemembered
            ? [
              .lines(row.finding?.doing.lines ?? []), .text(row.finding?.ageWords ?? ""),
              .code(row.finding?.shortFingerprint ?? ""),
            ] : [])
          + (isTried ? [.text(row.outcome?.name ?? "")] : [])
      })
  }

  private var access: ReportTable {
    ReportTable(
      title: "Access", columns: ["Who", "What", "Group or role", "Endpoint", "Until"],
      rows: (report.plan?.accessChanges ?? []).map { access in
        [
          .text(access.member), .mark(access.gains ? "create" : "delete", access.gains ? "gains" : "loses"),
          .text(access.group), .text(access.endpoint), .text(access.until?.day ?? ""),
        ]
      })
  }
}

/// A table of a page, of which a search leaves the rows that match.
struct ReportTable {
  enum Cell {
    case text(String)
    case code(String)
    /// Each on a line.
    case lines([String])
    /// A word in the colour of what it stands for.
    case mark(String, String)
  }

  var title: String
  var columns: [String]
  var rows: [[Cell]]

  func write(to page: inout XMLWriter) {
    page.element("section") { page in
      page.leaf("h2", "\(title) (\(rows.count.grouped))")
      page.element("table") { page in
        page.element("thead") { page in
          page.element("tr") { page in for column in columns { page.leaf("th", column, ["scope": "col"]) } }
        }
        page.element("tbody") { page in
          for row in rows {
            page.element("tr") { page in for cell in row { page.element("td") { Self.write(cell, to: &$0) } } }
          }
        }
      }
    }
  }

  private static func write(_ cell: Cell, to page: inout XMLWriter) {
    switch cell {
    case .text(let text): page.characters(text.escapingControls())
    case .code(let text): if !text.isEmpty { page.leaf("code", text.escapingControls()) }
    case .lines(let lines): for line in lines { page.leaf("div", line.escapingControls()) }
    case .mark(let kind, let text):
      page.leaf("span", text.escapingControls(), ["class": "mark \(kind.escapingControls())"])
    }
  }
}
