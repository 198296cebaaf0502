import Foundation

/// What a lifecycle means at one moment.
enum Standing: Hashable, Sendable {
  case active
  /// Not active; why.
  case inactive(String)
  /// Its end has passed: disabled where it is, and not created any more.
  case ended(String)
  /// Not to be there at all.
  case absent

  /// Why it is not active; nil when it is.
  var reason: String? {
    switch self {
    case .active: nil
    case .inactive(let reason), .ended(let reason): reason
    case .absent: "lifecycle.state is Absent"
    }
  }
}

extension Lifecycle {
  /// Why an account is not to be active at this moment; nil when it is.
  package func inactiveReason(at now: Date) -> String? { standing(at: now).reason }

  func standing(at now: Date) -> Standing {
    switch state {
    case .absent: return .absent
    case .disabled: return .inactive("lifecycle.state is Disabled")
    case .active:
      if let endsAt, endsAt <= now { return .ended("endsAt \(endsAt.day) has passed") }
      if let startsAt, now < startsAt { return .inactive("startsAt \(startsAt.day) is still to come") }
      return .active
    }
  }
}

extension Date {
  /// The day in UTC, as `2026-11-30`.
  var day: String { formatted(.iso8601.year().month().day()) }
}
