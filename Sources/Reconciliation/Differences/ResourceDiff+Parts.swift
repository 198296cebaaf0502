import JSON
import SCIM

extension ResourceDiff {
  /// The parts of a complex attribute, each for itself. SCIM has paths to a part and no further: what differs deeper is
  /// the value of the part, which an endpoint merges with what is there (RFC 7644 section 3.5.2.3).
  mutating func compareParts(
    _ rule: AttributeRule, _ desired: JSONObject, _ live: JSONObject, applied: JSONObject?
  ) {
    var comparison = PartComparison(ignored: rule.ignoredSubAttributes, hasRecord: hasRecord)
    comparison.compare(rule.attribute, desired, live, applied: applied)
    for path in comparison.fixed {
      sayLimitation("\(rule.text(path)) is immutable there: differences stay")
    }
    let byPart = Dictionary(grouping: comparison.findings) { $0.path[0] }
    for name in comparison.findings.map(\.path[0]).uniqued() {
      let findings = byPart[name] ?? []
      write(operation(findings, on: rule.subPath(name)), findings.map { change($0, rule) })
    }
  }

  private func operation(_ findings: [PartComparison.Finding], on path: AttributePath) -> PatchOperation {
    if findings.count == 1, findings[0].path.count == 1 {
      let desired = findings[0].sides.desired
      return desired.isUnassigned ? PatchOperation(.remove, path) : PatchOperation(.replace, path, value: desired)
    }
    let value = findings.reduce(into: JSONObject()) { value, finding in
      value.place(finding.sides.desired, at: finding.path.dropFirst())
    }
    return PatchOperation(.replace, path, value: .object(value))
  }

  private func change(_ finding: PartComparison.Finding, _ rule: AttributeRule) -> AttributeChange {
    let sides = finding.sides
    var after: JSONValue?
    if !sides.desired.isUnassigned { after = finding.part.isTold ? sides.desired : "•••" }
    return AttributeChange(
      path: rule.text(finding.path), before: sides.live, after: after,
      cause: finding.isDropped ? .manifest : cause(sides, finding.part))
  }
}

extension AttributeRule {
  /// The path to a part at any depth, as a reader knows it.
  fileprivate func text(_ parts: [String]) -> String { ([path.description] + parts).joined(separator: ".") }
}

extension JSONObject {
  fileprivate mutating func place(_ value: JSONValue, at path: ArraySlice<String>) {
    guard let name = path.first else { return }
    let rest = path.dropFirst()
    guard !rest.isEmpty else { return self[name] = value }
    var inner = self[name]?.object ?? [:]
    inner.place(value, at: rest)
    self[name] = .object(inner)
  }
}

extension Array where Element: Hashable {
  /// Each element once, in the order of first appearance.
  fileprivate func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
