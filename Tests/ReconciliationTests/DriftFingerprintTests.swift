import JSON
import SeededRandom
import Testing

@testable import Reconciliation

/// What makes two findings of drift the same.
struct DriftFingerprintTests {
  private static let finding = DriftReport.Finding(
    class: .changed, endpoint: "slack", key: ResourceKey("User", "alice"),
    attributes: [
      AttributeChange(path: "title", before: "Intern", after: "Engineer", cause: .endpoint),
      AttributeChange(
        path: "emails", before: [["value": "a@x", "type": "work"], ["value": "b@x"]], after: nil, cause: .both),
      AttributeChange(path: "members", before: ["carol", "dave"], after: ["bob"], cause: .endpoint),
    ], source: SourceLocation(file: "people.yaml", line: 12))

  private func changed(_ change: (inout DriftReport.Finding) -> Void) -> DriftReport.Finding {
    var finding = Self.finding
    change(&finding)
    return finding
  }

  @Test func itIsAHashInHexadecimal() {
    #expect(Self.finding.fingerprint.count == 64)
    #expect(Self.finding.fingerprint.allSatisfy { $0.isHexDigit && !$0.isUppercase })
  }

  /// Stored acknowledgements and baselines hold for as long as this does.
  @Test func itStaysTheSameFromVersionToVersion() {
    #expect(Self.finding.fingerprint == "ad4104e0a5ae06b203d554f6a3d98fef7cce867a5451263d9b6a56f50abf6617")
  }

  @Test func theOrderOfPartsDoesNotCount() {
    let other = changed { finding in
      finding.attributes.reverse()
      finding.attributes[0].before = ["dave", "carol"]
      finding.attributes[1].before = [["value": "b@x"], ["type": "work", "value": "a@x"]]
    }
    #expect(other.fingerprint == Self.finding.fingerprint)
  }

  @Test func whatTheManifestsSayDoesNotCount() {
    let other = changed { finding in
      finding.attributes[0].after = "Principal"
      finding.attributes[0].cause = .both
      finding.source = SourceLocation(file: "people/a.yaml", line: 1)
    }
    #expect(other.fingerprint == Self.finding.fingerprint)
  }

  @Test func whatIsFoundCounts() {
    let others: [(inout DriftReport.Finding) -> Void] = [
      { $0.endpoint = "github" }, { $0.class = .missing }, { $0.key.kind = "Group" }, { $0.key.name = "bob" },
      { $0.attributes[0].before = "Boss" }, { $0.attributes[0].before = nil }, { $0.attributes[0].path = "nickName" },
      { $0.attributes[1].before = [["value": "a@x", "type": "work"]] }, { $0.attributes.removeLast() },
      { $0.attributes[2].before = ["carol"] }, { $0.attributes[2].after = ["bob", "erin"] },
    ]
    let fingerprints = [Self.finding.fingerprint] + others.map { changed($0).fingerprint }
    #expect(Set(fingerprints).count == fingerprints.count)
  }

  @Test(arguments: [DriftReport.Finding.Class.missing, .unmanaged, .foreign])
  func ofWhatIsGoneOrTooManyNoValueCounts(_ kind: DriftReport.Finding.Class) {
    let whole = changed { $0.class = kind }
    let bare = changed {
      $0.class = kind
      $0.attributes = []
    }
    #expect(whole.fingerprint == bare.fingerprint)
  }

  @Test func strangersThatShareANameAreTwo() {
    var plan = EndpointPlan(endpoint: "e", driver: .embedded)
    plan.foreign = [
      ForeignResource(resourceType: "Group", id: "1", name: "admins"),
      ForeignResource(resourceType: "Group", id: "2", name: "admins"),
      ForeignResource(resourceType: "User", id: "3", name: "admins"),
    ]
    let findings = Plan(endpoints: [plan]).drift().findings
    #expect(findings.map(\.key.description) == ["Group/admins (1)", "Group/admins (2)", "User/admins"])
    #expect(Set(findings.map(\.fingerprint)).count == 3)
  }
}
