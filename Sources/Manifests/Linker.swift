import Reconciliation

/// Lets the documents meet: one name, one resource; references lead somewhere; groups do not contain themselves.
struct Linker {
  var faults = FaultList()
  private(set) var resources: [ResourceDraft]
  private(set) var endpoints: [EndpointDraft]
  private(set) var policies: [PolicyDraft]
  private(set) var notifications: [NotificationDraft]
  private(set) var names = NameTable()

  /// Takes the drafts out of the parts, so that none is in memory twice.
  init(taking parts: inout [CompiledPart]) {
    resources = []
    resources.reserveCapacity(parts.reduce(0) { $0 + $1.resources.count })
    for index in parts.indices {
      resources += parts[index].resources
      parts[index].resources = []
    }
    endpoints = parts.flatMap(\.endpoints)
    policies = parts.flatMap(\.policies)
    notifications = parts.flatMap(\.notifications)
  }

  /// Finds the faults that show when documents meet, and resolves what they say of each other.
  mutating func link() {
    Self.makeDistinct(
      &resources, &faults, name: \.key, place: \.nameLocation, length: \.nameMark.length,
      describing: { "another \($0.key.kind) is named `\($0.key.name)`" })
    Self.makeDistinct(
      &endpoints, &faults, name: \.declaration.name, place: \.nameLocation, length: \.nameMark.length,
      describing: { "another Endpoint is named `\($0.declaration.name)`" })
    Self.makeDistinct(
      &policies, &faults, name: \.policy.name, place: \.nameLocation, length: \.nameMark.length,
      describing: { "another Policy is named `\($0.policy.name)`" })
    Self.makeDistinct(
      &notifications, &faults, name: \.declaration.name, place: \.nameLocation, length: \.nameMark.length,
      describing: { "another Notification is named `\($0.declaration.name)`" })
    for index in resources.indices { names.insert(resources[index].key) }
    for endpoint in declarations { names.insert(ResourceKey(ManifestKind.endpoint.rawValue, endpoint.name)) }
    UniquenessCheck.check(resources, into: &faults)
    checkReferences()
    resolveMembers()
    MembershipCycles.report(in: resources, into: &faults)
    DependencyCheck.check(endpoints, into: &faults)
  }

  /// What the linked documents ask for; no resources where their attributes were not kept.
  func desiredState(keeping extent: DraftExtent) -> DesiredState {
    var state = DesiredState(
      resources: extent == .everything ? resources.map(\.resource) : [], endpoints: declarations,
      policies: policies.map(\.policy))
    state.notifications = notifications.map(\.declaration)
    return state
  }

  private var declarations: [EndpointDeclaration] { endpoints.isEmpty ? [.embedded] : endpoints.map(\.declaration) }

  /// Sorts the drafts by name, where they are; of those with one name the first in the order of places stays, and each
  /// other is a fault.
  private static func makeDistinct<Draft, Name: Comparable>(
    _ drafts: inout [Draft], _ faults: inout FaultList, name: (Draft) -> Name, place: (Draft) -> SourceLocation,
    length: (Draft) -> UInt16, describing: (Draft) -> String
  ) {
    drafts.sort { name($0) == name($1) ? place($0) < place($1) : name($0) < name($1) }
    var last = drafts.startIndex
    var repeated: Set<Int> = []
    for index in drafts.indices.dropFirst() {
      guard name(drafts[index]) == name(drafts[last]) else {
        last = index
        continue
      }
      repeated.insert(index)
      faults.report(
        .duplicateName, describing(drafts[index]), at: place(drafts[index]), length: Int(length(drafts[index])),
        notes: [.init("the first is here", at: place(drafts[last]))])
    }
    guard !repeated.isEmpty else { return }
    drafts = drafts.indices.lazy.filter { !repeated.contains($0) }.map { drafts[$0] }
  }

  private mutating func checkReferences() {
    // By index throughout: a draft is large, and copying one counts references for each of its parts.
    for index in resources.indices {
      for reference in resources[index].references { check(reference.key, at: reference.mark, of: index) }
    }
    for notification in notifications {
      for reference in notification.references where !names.contains(reference.key) {
        reportMissing(reference.key, at: notification.part.location(reference.mark), reference.mark)
      }
    }
  }

  /// A fault, unless there is such a document.
  private mutating func check(_ key: ResourceKey, at mark: YAMLMark, of index: Int) {
    if !names.contains(key) { reportMissing(key, at: resources[index].location(mark), mark) }
  }

  private mutating func reportMissing(_ key: ResourceKey, at location: SourceLocation, _ mark: YAMLMark) {
    faults.report(
      .danglingReference, "there is no \(key.kind) named `\(key.name)`", at: location, length: Int(mark.length),
      hint: names.hint(for: key))
  }

  private mutating func resolveMembers() {
    let selectors = SelectorIndex(resources)
    for index in resources.indices {
      guard let members = resources[index].members else { continue }
      checkMembers(members, of: index)
      let references = selectors.adding(members.selector, to: members.references)
      var desired = DesiredMembers(mode: members.mode, references: references, allowsEmpty: members.allowsEmpty)
      if !members.selector.isEmpty {
        desired.selector = members.selector
        desired.named = Set(members.references.map(\.key))
      }
      resources[index].resource.members = desired
      if references.isEmpty, members.isEmpty, members.mode.canEmpty, !members.allowsEmpty {
        reportEmpty(members, in: resources[index])
      }
    }
  }

  private mutating func checkMembers(_ members: MembersDraft, of index: Int) {
    // The references are sorted by kind: the names of one are looked up once.
    var (kind, known) = ("", Set<String>())
    for (reference, mark) in zip(members.references, members.marks) {
      if reference.key.kind != kind {
        kind = reference.key.kind
        known = names.names(of: kind)
      }
      if !known.contains(reference.key.name) { check(reference.key, at: mark, of: index) }
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
