import Foundation

extension EndpointStatus {
  /// The status with what an operator asked for in it.
  package func following(_ order: EndpointOrder?) -> EndpointStatus {
    var status = self
    guard let suspension = order?.suspension else {
      status[.suspended] = EndpointCondition(.suspended, false, .idle, since: self[.suspended].since)
      return status
    }
    let why = suspension.reason.isEmpty ? "" : ": \(suspension.reason)"
    status[.suspended] = EndpointCondition(
      .suspended, true, .operatorAsked, "by \(suspension.by)\(why)", since: suspension.since)
    status.nextPass = nil
    return status
  }

  /// The status as it is where the controller ended in the middle of the pass: since its lease ran out, another is due.
  /// - Parameter lapsed: the leases that ran out and were not given back.
  package func brokenOff(by lapsed: [Lease]) -> EndpointStatus {
    guard let lapsed = lapsed.first(where: { $0.endpoint == endpoint }), self[.reconciling].isTrue,
      self[.reconciling].reason == .passUnderWay
    else { return self }
    var status = self
    status.set(.reconciling, false, .idle, at: lapsed.expires)
    status.nextPass = lapsed.expires
    return status
  }
}
