import Reconciliation

/// Lets the documents meet: one name, one resource; references lead somewhere; groups do not contain themselves.
struct Linker {
  private(set) var faults = FaultList()
  private var resources: [ResourceDraft]
  private var endpoints: [EndpointDraft]
  private var names = NameTable()

  init(_ parts: [CompiledPart]) {
    resources = parts.flatMap(\.resources)
    endpoints = parts.flatMap(\.endpoints)
  }

  mutating func link() -> DesiredState {
    resources = distinct(
      resources, name: \.key, place: \.nameLocation, length: \.nameMark.length,
      describing: { "another \($0.key.kind) is named `\($0.key.name)`" })
    endpoints = distinct(
      endpoints, name: \.declaration.name, place: \.nameLocation, length: \.nameMark.length,
      describing: { "another Endpoint is named `\($0.declaration.name)`" })
    let declarations = endpoints.isEmpty ? [.embedded] : endpoints.map(\.declaration)
    for draft in resources { names.insert(draft.key) }
    for endpoint in declarations { names.insert(ResourceKey(ManifestKind.endpoint.rawValue, endpoint.name)) }
    UniquenessCheck.check(resources, into: &faults)
    checkReferences()
    resolveMembers()
    MembershipCycles.report(in: resources, into: &faults)
    return DesiredState(resources: resources.map(\.resource), endpoints: declarations)
  }

  /// The drafts sorted by name; of those with one name the first in the order of places, and a fault for each other.
  private mutating func distinct<Draft, Name: Hashable & Comparable>(
    _ drafts: [Draft], name: (Draft) -> Name, place: (Draft) -> SourceLocation, length: (Draft) -> UInt16,
    describing: (Draft) -> String
  ) -> [Draft] {
    let names = drafts.map(name)
    let order = drafts.indices.sorted { a, b in
      names[a] == names[b] ? place(drafts[a]) < place(drafts[b]) : names[a] < names[b]
    }
    var distinct: [Draft] = []
    distinct.reserveCapacity(drafts.count)
    for (position, index) in order.enumerated() {
      let draft = drafts[index]
      if position > 0, names[order[position - 1]] == names[index], let last = distinct.last {
        faults.report(
          .duplicateName, describing(draft), at: place(draft), length: Int(length(draft)),
          notes: [.init("the first is here", at: place(last))])
      } else {
        distinct.append(draft)
      }
    }
    return distinct
  }

  private mutating func checkReferences() {
    for draft in resources {
      for reference in draft.references { check(reference.key, at: reference.mark, in: draft) }
    }
  }

  /// Whether there is such a document; if not, a fault.
  @discardableResult
  private mutating func check(_ key: ResourceKey, at mark: YAMLMark, in draft: ResourceDraft) -> Bool {
    if names.contains(key) { return true }
    faults.report(
      .danglingReference, "there is no \(key.kind) named `\(key.name)`", at: draft.location(mark),
      length: Int(mark.length), hint: names.hint(for: key))
    return false
  }

  private mutating func resolveMembers() {
    let selectors = SelectorIndex(resources)
    for index in resources.indices {
      guard let members = resources[index].members else { continue }
      let draft = resources[index]
      for entry in members.entries { check(entry.reference.key, at: entry.mark, in: draft) }
      let references = selectors.adding(members.selector, to: members.entries.map(\.reference))
      resources[index].resource.members = DesiredMembers(
        mode: members.mode, references: references, allowsEmpty: members.allowsEmpty)
      if references.isEmpty, members.isEmpty, members.mode.canEmpty, !members.allowsEmpty {
        reportEmpty(members, in: draft)
      }
    }
  }

  private mutating func reportEmpty(_ members: MembersDraft, in draft: ResourceDraft) {
    let what = members.selector.isEmpty ? "`members` is empty" : "the selector finds nobody"
    faults.report(
      .emptyMembers, "\(what), so everybody would be removed from \(draft.key)", at: draft.location(members.mark),
      length: Int(members.mark.length),
      hint: "if that is meant, write members: {refs: [], allowEmpty: true}; if not, leave `members` out")
  }
}

extension DesiredMembers.Mode {
  /// Whether an empty list in this mode empties the group.
  fileprivate var canEmpty: Bool { self == .exact || self == .atMost }
}

extension ResourceDraft {
  fileprivate var nameLocation: SourceLocation { location(nameMark) }
}

extension EndpointDraft {
  fileprivate var nameLocation: SourceLocation { part.location(nameMark) }
}

/// The faults that only show when documents meet.
struct FaultList {
  private(set) var diagnostics: [Diagnostic] = []

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation, length: Int, hint: String? = nil,
    notes: [Diagnostic.Note] = []
  ) {
    diagnostics.append(
      Diagnostic(code.severity, code.rawValue, message, at: location, length: length, hint: hint, notes: notes))
  }
}
