extension SafetyLimits.Limit {
  /// How many of so many it allows, by itself.
  package func allowed(of total: Int) -> Int {
    switch self {
    case .count(let count): count
    case .percent(let percent): Int(Double(total) * percent / 100)
    }
  }
}

extension SafetyLimits {
  /// From this size on the floor does not allow that most of a set goes.
  private static let smallest = 5

  /// How many of so many resources may go. What a share forbids is allowed up to the floor, but never all of a set, nor
  /// more than half of five or more.
  package func most(_ limit: Limit, of total: Int) -> Int {
    raised(limit, of: total, toAtMost: total < Self.smallest ? max(total - 1, 1) : total / 2)
  }

  /// How many of so many members may leave a group: the same, but of fewer than five all may. That nobody is left takes
  /// an `allowEmpty` in the manifest.
  package func mostMembers(of total: Int) -> Int {
    raised(maxMemberRemovals, of: total, toAtMost: total < Self.smallest ? total : total / 2)
  }

  private func raised(_ limit: Limit, of total: Int, toAtMost most: Int) -> Int {
    guard case .percent = limit else { return limit.allowed(of: total) }
    return max(limit.allowed(of: total), min(floor, most))
  }
}
