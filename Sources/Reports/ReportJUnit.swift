import Reconciliation
import XML

/// A report as results of tests, in the format that CI servers read of JUnit: a suite an endpoint, a case a resource.
struct ReportJUnit {
  private struct Case {
    enum Result {
      case passed
      case failed(type: String, message: String)
      case skipped(String)
    }

    var name: String
    /// What CI servers group by.
    var group: String
    var result: Result
    /// What differs, a line each.
    var lines: [String] = []
  }

  let report: Report

  var text: String {
    let suites = ([manifests] + endpoints).filter { !$0.cases.isEmpty }
    var writer = XMLWriter()
    let all = suites.flatMap(\.cases)
    // The schema that CI servers read by has no `skipped` here.
    writer.element("testsuites", counts(all, "rollcall \(report.verb.rawValue)", skipped: nil)) { writer in
      for suite in suites {
        let skipped = suite.cases.count { if case .skipped = $0.result { true } else { false } }
        writer.element("testsuite", counts(suite.cases, suite.name, skipped: String(skipped))) { writer in
          for one in suite.cases { write(one, to: &writer) }
        }
      }
    }
    return writer.text + "\n"
  }

  // MARK: Suites

  private var manifests: (name: String, cases: [Case]) {
    let faults = report.diagnostics.map { diagnostic in
      let message = diagnostic.message + (diagnostic.hint.map { "; hint: \($0)" } ?? "")
      return Case(
        name: "\(diagnostic.location)", group: "manifests",
        result: diagnostic.severity == .error ? .failed(type: diagnostic.code, message: message) : .passed,
        lines: diagnostic.severity == .error ? [] : ["\(diagnostic.severity.rawValue) \(diagnostic.code): \(message)"])
    }
    let isValid = !report.diagnostics.contains { $0.severity == .error }
    let documents = Case(name: report.documents.counted("document"), group: "manifests", result: .passed)
    return ("manifests", isValid ? [documents] + faults : faults)
  }

  private var endpoints: [(name: String, cases: [Case])] {
    let rows = Dictionary(grouping: report.rows, by: \.endpoint)
    let read = (report.plan?.endpoints ?? []).map { plan in
      (plan.endpoint, reads(of: plan) + guardrails(at: plan.endpoint) + (rows[plan.endpoint] ?? []).map(resource))
    }
    let unread = report.unreachable.map { endpoint in
      let failure = Case.Result.failed(type: "unreachable", message: endpoint.message)
      return (endpoint.endpoint, [Case(name: "read", group: endpoint.endpoint, result: failure)])
    }
    return read + unread + [("guardrails", guardrails(at: ""))]
  }

  /// What was read, so that an endpoint in sync is seen to have passed.
  private func reads(of plan: EndpointPlan) -> [Case] {
    plan.reads.map { read in
      var result = Case.Result.passed
      if case .incomplete(let reason) = read.completeness { result = .failed(type: "incomplete", message: reason) }
      return Case(name: "read \(read.resourceType.asWords.plural)", group: plan.endpoint, result: result)
    }
  }

  private func guardrails(at endpoint: String) -> [Case] {
    report.objections.filter { $0.endpoint == endpoint }.map { objection in
      let message = objection.message + (objection.hint.isEmpty ? "" : "; hint: \(objection.hint)")
      return Case(
        name: objection.guardrail, group: endpoint.isEmpty ? "guardrails" : endpoint,
        result: .failed(type: "guardrail", message: message))
    }
  }

  /// A plan is no failure; drift is one unless people live with it, and so is a change that was not made.
  private func resource(_ row: ReportRow) -> Case {
    let result: Case.Result =
      switch row.subject {
      case .drift where row.finding?.isOpen == false: .skipped(row.sentence)
      case .drift(let kind): .failed(type: kind.rawValue, message: row.sentence)
      case .withheld: .skipped(row.sentence)
      case .change(_, .skipped?), .change(_, .cancelled?): .skipped(row.sentence)
      case .change(_, .failed?), .change(_, .stale?): .failed(type: row.outcome?.name ?? "", message: row.sentence)
      case .change(_, .applied?), .change(_, nil): .passed
      }
    return Case(
      name: row.key.description, group: "\(row.endpoint).\(row.key.kind)", result: result,
      lines: [row.sentence] + row.attributes.map(\.plainText) + (row.source.map { ["\($0.file):\($0.line)"] } ?? [])
        + (report.drift == nil ? [] : row.finding.map { [$0.remark] } ?? []))
  }

  // MARK: Elements

  private func counts(_ cases: [Case], _ name: String, skipped: String?) -> KeyValuePairs<String, String?> {
    let failed = cases.count { if case .failed = $0.result { true } else { false } }
    return [
      "name": name.escapingControls(), "tests": String(cases.count), "failures": String(failed), "errors": "0",
      "skipped": skipped,
    ]
  }

  private func write(_ one: Case, to writer: inout XMLWriter) {
    let text = one.lines.map { $0.escapingControls() }.joined(separator: "\n")
    writer.element("testcase", ["name": one.name.escapingControls(), "classname": one.group.escapingControls()]) {
      switch one.result {
      case .passed: if !text.isEmpty { $0.leaf("system-out", text) }
      case .failed(let type, let message):
        $0.leaf("failure", text, ["type": type.escapingControls(), "message": message.escapingControls()])
      case .skipped(let message):
        $0.empty("skipped", ["message": message.escapingControls()])
        if !text.isEmpty { $0.leaf("system-out", text) }
      }
    }
  }
}
