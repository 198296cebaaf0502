import JSON
import Reconciliation

/// Values that only one resource of a kind may have.
enum UniquenessCheck {
  static func check(_ resources: [ResourceDraft], into faults: inout FaultList) {
    let kinds = Dictionary(grouping: resources.indices) { resources[$0].key.kind }
    for (kind, indices) in kinds.sorted(by: { $0.key < $1.key }) {
      check(
        resources, indices, "externalId", .duplicateExternalId, value: \.externalId, folding: { $0 }, into: &faults)
      switch kind {
      case "User":
        check(resources, indices, "userName", .duplicateUserName, value: \.naming, folding: folded, into: &faults)
      case "Group", "Role":
        check(resources, indices, "displayName", .duplicateDisplayName, value: \.naming, folding: folded, into: &faults)
      default: break
      }
    }
  }

  private static func check(
    _ resources: [ResourceDraft], _ indices: [Int], _ attribute: String, _ code: DiagnosticCode,
    value: (ResourceDraft) -> UniqueValue?, folding: (String) -> String, into faults: inout FaultList
  ) {
    var owners: [String: Int] = [:]
    owners.reserveCapacity(indices.count)
    for index in indices {
      guard let text = value(resources[index])?.text, !text.isEmpty else { continue }
      guard let other = owners.updateValue(index, forKey: folding(text)) else { continue }
      report(resources[index], resources[other], attribute, code, value: value, into: &faults)
      if resources[other].resource.location < resources[index].resource.location { owners[folding(text)] = other }
    }
  }

  /// Points at the later of two, with a note at the earlier.
  private static func report(
    _ a: ResourceDraft, _ b: ResourceDraft, _ attribute: String, _ code: DiagnosticCode,
    value: (ResourceDraft) -> UniqueValue?, into faults: inout FaultList
  ) {
    let (first, second) = a.resource.location < b.resource.location ? (a, b) : (b, a)
    let place = value(second)?.mark ?? second.nameMark
    faults.report(
      code, "\(second.key) has the same \(attribute) as \(first.key)", at: second.location(place),
      length: Int(place.length),
      notes: [.init("\(first.key) has it here", at: first.location(value(first)?.mark ?? first.nameMark))])
  }

  /// Names are compared without regard to case; most are in lower case already and cost nothing.
  private static func folded(_ text: String) -> String {
    let isFolded = text.utf8.allSatisfy { $0 < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    return isFolded ? text : text.lowercased()
  }
}
