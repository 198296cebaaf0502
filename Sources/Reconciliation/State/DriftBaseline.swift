import JSON

/// The drift that a team has agreed to live with for now, as a file beside the manifests: findings in it do not count.
package struct DriftBaseline: Hashable, Sendable {
  private static let formatVersion = 1

  /// By fingerprint.
  private let findings: [String: DriftReport.Finding]

  package init(_ findings: [DriftReport.Finding] = []) {
    self.findings = Dictionary(findings.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package var count: Int { findings.count }

  package func contains(_ fingerprint: String) -> Bool { findings[fingerprint] != nil }

  /// The file: the findings in the order of endpoint and resource, so that two versions of it compare well.
  package var json: JSONValue {
    let sorted = findings.sorted { a, b in
      (a.value.endpoint, a.value.key, a.key) < (b.value.endpoint, b.value.key, b.key)
    }
    let entries = sorted.map { fingerprint, finding in
      JSONValue.object(
        JSONObject(plan: [
          ("fingerprint", fingerprint), ("endpoint", finding.endpoint), ("class", finding.class), ("key", finding.key),
        ]))
    }
    return .object(JSONObject(plan: [("formatVersion", Self.formatVersion), ("findings", entries)]))
  }

  /// From its ``json``.
  /// - Throws: ``PlanFormatError`` for anything else.
  package init(json: JSONValue) throws(PlanFormatError) {
    let fields = try PlanFields(json, of: "the baseline")
    let version: Int = try fields("formatVersion")
    guard version == Self.formatVersion else {
      throw PlanFormatError(
        description: "the baseline has format version \(version), and \(Self.formatVersion) is read here")
    }
    let entries: [JSONValue] = try fields("findings")
    var findings: [String: DriftReport.Finding] = [:]
    for entry in entries {
      let fields = try PlanFields(entry, of: "a finding of the baseline")
      findings[try fields("fingerprint")] = DriftReport.Finding(
        class: try fields("class"), endpoint: try fields("endpoint"), key: try fields("key"), attributes: [],
        source: nil)
    }
    self.findings = findings
  }
}
