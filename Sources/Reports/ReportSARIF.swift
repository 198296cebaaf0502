import Foundation
import JSON
import Reconciliation

/// A report as results of an analysis (SARIF 2.1.0, OASIS): faults of manifests, what guardrails say, and what differs, each
/// at its line of a manifest.
struct ReportSARIF {
  /// How much a result matters (section 3.27.10).
  private enum Level: String { case error, warning, note }

  let report: Report

  var json: JSONValue {
    var results =
      report.diagnostics.map(result) + report.objections.map(result) + report.unreachable.map(result)
      + report.rows.map(result)
    // Of one run, all results say whether they are suppressed, or none does (section 3.27.23).
    if results.contains(where: { $0["suppressions"] != nil }) {
      results = results.map { result in
        var result = result.object ?? [:]
        result["suppressions"] = result["suppressions"] ?? []
        return .object(result)
      }
    }
    return [
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        [
          "tool": ["driver": ["name": "rollcall", "rules": rules(of: results)]],
          // Columns of diagnostics count Unicode scalars.
          "columnKind": "unicodeCodePoints",
          "results": .array(results),
        ]
      ],
    ]
  }

  /// Every rule that a result names, once, in the order of their names.
  private func rules(of results: [JSONValue]) -> JSONValue {
    .array(Set(results.compactMap { $0["ruleId"]?.string }).sorted().map { ["id": .string($0)] })
  }

  // MARK: Results

  private func result(_ diagnostic: Diagnostic) -> JSONValue {
    let level: Level =
      switch diagnostic.severity {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
    var result = result(
      diagnostic.code, level, diagnostic.message + (diagnostic.hint.map { " (hint: \($0))" } ?? ""),
      at: diagnostic.location, endColumn: diagnostic.location.column + diagnostic.length)
    let related = diagnostic.notes.compactMap { note in
      note.location.map { location -> JSONValue in
        ["message": ["text": .string(note.message.escapingControls())], "physicalLocation": place(location)]
      }
    }
    if !related.isEmpty { result["relatedLocations"] = .array(related) }
    return .object(result)
  }

  private func result(_ objection: Objection) -> JSONValue {
    let hint = objection.hint.isEmpty ? "" : " (hint: \(objection.hint))"
    return .object(
      result("guardrail/\(objection.guardrail)", .error, "\(objection.endpoint): \(objection.message)\(hint)"))
  }

  private func result(_ endpoint: Report.Unreachable) -> JSONValue {
    .object(result("endpoint/unreachable", .error, "\(endpoint.endpoint): \(endpoint.message)"))
  }

  private func result(_ row: ReportRow) -> JSONValue {
    let attributes = row.attributes.map { "\n" + $0.plainText }.joined()
    var result = result(
      "\(report.verb.rawValue)/\(row.word)", level(of: row),
      "\(row.key) at \(row.endpoint): \(row.sentence)\(attributes)", at: row.source)
    var fingerprints: JSONObject = [
      "resource/v1": .string("\(row.endpoint)/\(row.key)/\(row.word)".escapingControls())
    ]
    fingerprints["finding/v1"] = row.finding.map { .string($0.item.fingerprint) }
    result["partialFingerprints"] = .object(fingerprints)
    if let known = row.finding { add(known, to: &result) }
    return .object(result)
  }

  /// What is remembered of a finding, and why it does not count.
  private func add(_ known: KnownFinding, to result: inout JSONObject) {
    if let record = known.item.record {
      result["baselineState"] = known.item.isNew ? "new" : "unchanged"
      result["properties"] = ["firstSeen": .string(record.firstSeen.formatted(.iso8601))]
    }
    // Without a status, a suppression is an accepted one.
    result["suppressions"] = known.standing.words.map { words in
      [["kind": "external", "justification": .string(words.escapingControls())]]
    }
  }

  private func level(of row: ReportRow) -> Level {
    switch row.subject {
    case .drift(.foreign): .note
    case .drift, .withheld: .warning
    case .change(_, let outcome): outcome?.words.isEmpty == false ? .error : .note
    }
  }

  private func result(
    _ rule: String, _ level: Level, _ message: String, at location: SourceLocation? = nil, endColumn: Int? = nil
  ) -> JSONObject {
    var result: JSONObject = [
      "ruleId": .string(rule.escapingControls()), "level": .string(level.rawValue),
      "message": ["text": .string(message.escapingControls(keepingLineEnds: true))],
    ]
    if let location { result["locations"] = [["physicalLocation": place(location, endColumn: endColumn)]] }
    return result
  }

  private func place(_ location: SourceLocation, endColumn: Int? = nil) -> JSONValue {
    var region: JSONObject = [
      "startLine": .number(JSONNumber(location.line)), "startColumn": .number(JSONNumber(location.column)),
    ]
    region["endColumn"] = endColumn.map { .number(JSONNumber($0)) }
    return ["artifactLocation": ["uri": .string(Self.reference(location.file))], "region": .object(region)]
  }

  /// The path of a file as a URI reference (RFC 3986 section 4.2).
  static func reference(_ path: String) -> String {
    let text = path.utf8.map { byte -> String in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default:
        "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
    // A first part with a colon would be a scheme; those are escaped. An absolute path is one of this machine.
    return path.hasPrefix("/") ? "file://" + text : text
  }
}
