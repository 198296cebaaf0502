import JSON
import SCIM

/// Compares the parts of a complex value with those that are there, at every depth.
///
/// A part that no manifest says is not managed, whatever the endpoint fills in. One that the manifest said once and says
/// no longer is cleared, as far as it is still as we left it.
struct PartComparison {
  /// One part that differs.
  struct Finding {
    /// The names from the complex value down to the part.
    var path: [String]
    var part: Attribute
    /// What is desired of a part that is to be cleared is null.
    var sides: ResourceDiff.Sides
    /// Whether it is to be cleared because the manifest says it no longer.
    var isDropped = false
  }

  /// Parts of the complex value itself that are left alone.
  let ignored: Set<String>
  /// Whether the ledger knows what we last applied.
  let hasRecord: Bool
  private(set) var findings: [Finding] = []
  /// Parts that differ and cannot be changed.
  private(set) var fixed: [[String]] = []

  init(ignored: Set<String> = [], hasRecord: Bool) {
    self.ignored = ignored
    self.hasRecord = hasRecord
  }

  /// - Parameter path: where the value stands in the one that the comparison began with.
  mutating func compare(
    _ attribute: Attribute, _ desired: JSONObject, _ live: JSONObject, applied: JSONObject?, at path: [String] = []
  ) {
    for member in desired.members where !isIgnored(member.key, below: path) {
      guard let part = attribute.part(member.key), part.mutability != .readOnly else { continue }
      let sides = ResourceDiff.Sides(
        desired: member.value, live: live.member(member.key), applied: applied?[member.key])
      compare(part, sides, at: path + [member.key])
    }
    for member in applied?.members ?? [] where desired[member.key] == nil && !isIgnored(member.key, below: path) {
      guard let part = attribute.part(member.key), part.isComparable, part.mutability == .readWrite, !part.isRequired,
        let there = live.member(member.key), !there.isUnassigned, !member.value.isUnassigned,
        ValueCoverage.covers(there, member.value, as: part)
      else { continue }
      let sides = ResourceDiff.Sides(desired: .null, live: there, applied: member.value)
      findings.append(Finding(path: path + [member.key], part: part, sides: sides, isDropped: true))
    }
  }

  private mutating func compare(_ part: Attribute, _ sides: ResourceDiff.Sides, at path: [String]) {
    if sides.desired == sides.live { return }
    // What is never told is written again only when the manifest changed.
    guard part.isTold else {
      guard hasRecord, sides.applied != sides.desired, !sides.desired.isUnassigned else { return }
      return findings.append(Finding(path: path, part: part, sides: sides))
    }
    if !part.isMultiValued, !part.namesResource, case .object(let desired) = sides.desired,
      let live = sides.live?.object
    {
      return compare(part, desired, live, applied: sides.applied?.object, at: path)
    }
    guard !isSame(part, sides) else { return }
    if part.mutability == .immutable, let live = sides.live, !live.isUnassigned { return fixed.append(path) }
    findings.append(Finding(path: path, part: part, sides: sides))
  }

  private func isIgnored(_ name: String, below path: [String]) -> Bool { path.isEmpty && ignored.contains(name) }

  private func isSame(_ part: Attribute, _ sides: ResourceDiff.Sides) -> Bool {
    let isEqual = AttributeValues.areEqual(sides.desired, sides.live, attribute: part)
    guard part.isMultiValued else { return isEqual }
    // Once a manifest changed, what it no longer says of an element counts too.
    return (isEqual || !sides.hasManifestChanged(part)) && ValueCoverage.covers(sides.live, sides.desired, as: part)
  }
}
