import Foundation

/// What differs without the manifests having asked for it, and whose doing it is.
package struct DriftReport: Hashable, Sendable {
  package struct Finding: Hashable, Sendable {
    package enum Class: String, Sendable, CaseIterable {
      /// Linked, and gone.
      case missing
      /// Other than we left it, or other than asked for and nobody remembers how we left it.
      case changed
      /// Ours, and in no manifest any more.
      case unmanaged
      /// Not ours.
      case foreign
    }

    package var `class`: Class
    package var endpoint: String
    /// For what is foreign: the resource type and the name there.
    package var key: ResourceKey
    /// What differs, without what only the manifest changed.
    package var attributes: [AttributeChange]
    package var source: SourceLocation?
    /// When the resource was last changed at the endpoint, if that says so.
    package var modified: Date?
  }

  package var findings: [Finding]

  package init(findings: [Finding]) { self.findings = findings }
}

extension Plan {
  /// The drift that this plan shows: its differences less those that are the manifests' own news.
  package func drift() -> DriftReport { DriftReport(findings: endpoints.flatMap(\.driftFindings)) }
}

extension EndpointPlan {
  fileprivate var driftFindings: [DriftReport.Finding] {
    let kept = Dictionary(withheld.map { ($0.key, $0.attributes) }, uniquingKeysWith: +)
    let changed = kept.isEmpty ? [] : Set(changes.map(\.key))
    return changes.compactMap { finding($0, besides: kept[$0.key] ?? []) }
      + withheld.compactMap { finding($0, isChanged: changed.contains($0.key)) }
      + zip(foreign, foreignKeys).map { resource, key in
        DriftReport.Finding(
          class: .foreign, endpoint: endpoint, key: key, attributes: [], source: nil, modified: resource.modified)
      }
  }

  /// What the foreign resources are called in findings, in their order. Where some share a name, their ids are added.
  package var foreignKeys: [ResourceKey] {
    let names = foreign.map { ResourceKey($0.resourceType, $0.name) }
    let uses = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    return zip(foreign, names).map { resource, name in
      uses[name] == 1 ? name : ResourceKey(name.kind, "\(name.name) (\(resource.id))")
    }
  }

  /// - Parameter withheld: what differs of the same resource, and is left as it is.
  private func finding(_ change: Change, besides withheld: [AttributeChange]) -> DriftReport.Finding? {
    let attributes = (change.attributes + withheld).filter { $0.cause != .manifest }
    func finding(_ kind: DriftReport.Finding.Class) -> DriftReport.Finding {
      DriftReport.Finding(
        class: kind, endpoint: endpoint, key: change.key, attributes: attributes, source: change.source,
        modified: modified[change.key])
    }
    switch (change.situation, change.action) {
    case (.unmanaged, _): return finding(.unmanaged)
    case (.foreign, _): return finding(.foreign)
    case (_, .create): return attributes.isEmpty ? nil : finding(.missing)
    case (_, .update), (_, .disable), (_, .delete): return attributes.isEmpty ? nil : finding(.changed)
    }
  }

  /// - Parameter isChanged: whether the plan also changes the resource, which then is one finding.
  private func finding(_ withheld: Withheld, isChanged: Bool) -> DriftReport.Finding? {
    let attributes = withheld.attributes.filter { $0.cause != .manifest }
    let kind: DriftReport.Finding.Class
    switch withheld.situation {
    case .missing: kind = .missing
    case .unmanaged: kind = .unmanaged
    case .foreign: kind = .foreign
    case .linked where !attributes.isEmpty && !isChanged: kind = .changed
    case .linked, .found, .ambiguous: return nil
    }
    return DriftReport.Finding(
      class: kind, endpoint: endpoint, key: withheld.key, attributes: attributes, source: withheld.source,
      modified: modified[withheld.key])
  }
}
