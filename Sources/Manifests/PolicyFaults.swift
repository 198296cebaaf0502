import Reconciliation
import SCIM

/// Turns what policies object to into faults, each at the place that is to be changed, with notes at the rule.
struct PolicyFaults {
  private let resources: [ResourceDraft]
  private let indices: [ResourceKey: Int]
  /// Where a document has its name.
  private let names: [ResourceKey: Place]

  /// A place with the length of what stands there.
  struct Place {
    var location: SourceLocation
    var length: Int

    init(_ part: FilePart, _ mark: YAMLMark) {
      location = part.location(mark)
      length = Int(mark.length)
    }
  }

  /// - Parameters:
  ///   - resources: linked.
  ///   - names: of the documents that are no resources.
  init(_ resources: [ResourceDraft], names: [ResourceKey: Place]) {
    self.resources = resources
    indices = Dictionary(
      resources.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { first, _ in first })
    self.names = names
  }

  func report(_ violation: PolicyViolation, into faults: inout FaultList) {
    let rule = Diagnostic.Note("the policy `\(violation.policy)` says so here", at: violation.rule)
    switch violation.breach {
    case .protected(let harm):
      report(
        .protectedIdentity, "\(violation.key) is protected, and \(harm)", violation.key, [rule],
        hint: "take it out of the policy first if this is meant", into: &faults)
    case .denied(let message): report(.deniedResource, message, violation.key, [rule], hint: nil, into: &faults)
    case .misplaced(let pattern, let allowed):
      report(
        .misplacedDocument, "\(violation.key) may not be declared in `\(pattern)`", violation.key, [rule],
        hint: "what may be declared there: \(allowed)", into: &faults)
    case .reserved(let pattern):
      report(
        .misplacedDocument, "\(violation.key) may only be declared in `\(pattern)`", violation.key, [rule], hint: nil,
        into: &faults)
    case .separated(let first, let second): reportSeparation(violation, first, second, rule, into: &faults)
    }
  }

  private func report(
    _ code: DiagnosticCode, _ message: String, _ key: ResourceKey, _ notes: [Diagnostic.Note], hint: String?,
    into faults: inout FaultList
  ) {
    guard let place = namePlace(key) else { return }
    faults.report(code, message, at: place.location, length: place.length, hint: hint, notes: notes)
  }

  /// Points at the membership that stands later, with a note at the other.
  private func reportSeparation(
    _ violation: PolicyViolation, _ first: [ResourceKey], _ second: [ResourceKey], _ rule: Diagnostic.Note,
    into faults: inout FaultList
  ) {
    guard let one = membershipPlace(first), let other = membershipPlace(second) else { return }
    let inOrder = one.location < other.location
    let (early, late) = inOrder ? (one, other) : (other, one)
    let (earlyPath, latePath) = inOrder ? (first, second) : (second, first)
    faults.report(
      .separationOfDuties,
      "\(violation.key) would be in both \(Self.name(first)) and \(Self.name(second)): \(Self.words(latePath))",
      at: late.location, length: late.length, hint: "take one of the two away",
      notes: [.init("the other way: \(Self.words(earlyPath))", at: early.location), rule])
  }

  private static func name(_ path: [ResourceKey]) -> String { path.first.map { "`\($0.name)`" } ?? "" }

  private static func words(_ path: [ResourceKey]) -> String { path.map(\.name).joined(separator: " → ") }

  // MARK: Places

  private func namePlace(_ key: ResourceKey) -> Place? {
    indices[key].map { Place(resources[$0].part, resources[$0].nameMark) } ?? names[key]
  }

  /// Where the last membership of a way is written: the entry, or the members as a whole when a selector brought it.
  private func membershipPlace(_ path: [ResourceKey]) -> Place? {
    guard path.count >= 2, let index = indices[path[path.count - 2]], let members = resources[index].members else {
      return nil
    }
    let position = members.references.firstIndex { $0.key == path[path.count - 1] }
    return Place(resources[index].part, position.map { members.marks[$0] } ?? members.mark)
  }
}

extension Linker {
  /// Holds the linked documents against the policies.
  /// - Parameters:
  ///   - places: of files, from the folders that were read.
  ///   - schemas: as they were read.
  mutating func check(_ schemas: [SchemaDraft], places: [String: String], _ catalog: SchemaCatalog) {
    guard !policies.isEmpty else { return }
    for draft in policies {
      for reference in draft.references where !names.contains(reference.key) { reportUnknown(reference, of: draft) }
    }
    let others = otherDocuments(schemas)
    let documents =
      resources.map { draft in
        PlacedDocument(draft.key, kinds: draft.kinds, path: places[draft.part.path] ?? draft.part.path)
      }
      + others.map { key, part, _ in
        PlacedDocument(key, kinds: [key.kind], path: places[part.path] ?? part.path)
      }
    let faultPlaces = PolicyFaults(
      resources,
      names: Dictionary(
        others.map { ($0.key, PolicyFaults.Place($0.part, $0.mark)) }, uniquingKeysWith: { first, _ in first }))
    let check = PolicyCheck(policies.map(\.policy), catalog: catalog)
    for violation in check.violations(in: resources.map(\.resource), documents: documents) {
      faultPlaces.report(violation, into: &faults)
    }
  }

  private typealias OtherDocument = (key: ResourceKey, part: FilePart, mark: YAMLMark)

  /// The documents that are no resources.
  private func otherDocuments(_ schemas: [SchemaDraft]) -> [OtherDocument] {
    func key(_ kind: ManifestKind, _ name: String) -> ResourceKey { ResourceKey(kind.rawValue, name) }
    return endpoints.map { (key(.endpoint, $0.declaration.name), $0.part, $0.nameMark) }
      + policies.map { (key(.policy, $0.policy.name), $0.part, $0.nameMark) }
      + schemas.map { (key(.schema, $0.name), $0.part, $0.nameMark) }
  }

  private mutating func reportUnknown(_ reference: AttributeWalker.PendingReference, of draft: PolicyDraft) {
    faults.report(
      .unknownSubject, "no document describes the \(reference.key.kind) `\(reference.key.name)`",
      at: draft.part.location(reference.mark), length: Int(reference.mark.length), hint: names.hint(for: reference.key))
  }
}

extension ResourceDraft {
  /// What a policy may call its kind: its resource type, and what the document itself says.
  fileprivate var kinds: Set<String> {
    ManifestKind(rawValue: key.kind) == nil ? [key.kind, ManifestKind.resource.rawValue] : [key.kind]
  }
}
