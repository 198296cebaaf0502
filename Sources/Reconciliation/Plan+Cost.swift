import Foundation

extension Plan {
  /// Who gains and who loses access, by endpoint, group and member.
  package var accessChanges: [AccessChange] { endpoints.flatMap(\.accessChanges) }

  /// About how long applying takes, in seconds: endpoints work side by side.
  package var estimatedDuration: TimeInterval { endpoints.map(\.estimatedDuration).max() ?? 0 }
}

extension EndpointPlan {
  /// A write's usual way there and back, in seconds; an endpoint's limit matters more.
  private static var roundTrip: TimeInterval { 0.2 }

  /// About how long its writes take, in seconds.
  package var estimatedDuration: TimeInterval {
    let writes = Double(changes.count)
    let atOnce = (writes / Double(max(1, limits.concurrency))).rounded(.up) * Self.roundTrip
    guard let perMinute = limits.writesPerMinute, perMinute > 0 else { return atOnce }
    return max(atOnce, writes / Double(perMinute) * 60)
  }
}
