import Reconciliation

/// Endpoints that depend on others: those must exist, and none may wait for itself.
enum DependencyCheck {
  /// - Parameter endpoints: each name once.
  static func check(_ endpoints: [EndpointDraft], into faults: inout FaultList) {
    let drafts = Dictionary(endpoints.map { ($0.declaration.name, $0) }, uniquingKeysWith: { first, _ in first })
    for endpoint in endpoints {
      for (name, mark) in zip(endpoint.declaration.dependsOn, endpoint.dependencyMarks) {
        guard drafts[name] != nil else {
          faults.report(
            .danglingReference, "there is no Endpoint named `\(name)`", at: endpoint.part.location(mark),
            length: Int(mark.length), hint: Spelling.hint(for: name, among: drafts.keys.sorted()))
          continue
        }
        guard let way = way(from: name, to: endpoint.declaration.name, drafts) else { continue }
        let names = [endpoint.declaration.name] + way
        faults.report(
          .dependencyCycle, "the endpoint waits for itself: \(names.joined(separator: " → "))",
          at: endpoint.part.location(mark), length: Int(mark.length), hint: "remove one of these dependencies")
      }
    }
  }

  /// The endpoints from one to another along what they depend on, both included.
  private static func way(from start: String, to end: String, _ drafts: [String: EndpointDraft]) -> [String]? {
    var visited: Set<String> = []
    var open = [[start]]
    while let path = open.popLast() {
      guard let last = path.last else { continue }
      if last == end { return path }
      guard visited.insert(last).inserted else { continue }
      open += (drafts[last]?.declaration.dependsOn ?? []).map { path + [$0] }
    }
    return nil
  }
}
