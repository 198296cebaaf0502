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
}
