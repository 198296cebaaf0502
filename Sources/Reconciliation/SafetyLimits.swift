import SCIM

/// How much one run may take away from an endpoint before it is stopped.
package struct SafetyLimits: Hashable, Sendable {
  package enum Limit: Hashable, Sendable, LosslessStringConvertible {
    case count(Int)
    /// A share of what is there, in percent.
    case percent(Double)

    /// `20`, or a share such as `5%`.
    package init?(_ text: String) {
      if text.hasSuffix("%") {
        guard let percent = Double(text.dropLast()), (0...100).contains(percent) else { return nil }
        self = .percent(percent)
      } else {
        guard let count = Int(text), count >= 0 else { return nil }
        self = .count(count)
      }
    }

    package var description: String {
      switch self {
      case .count(let count): "\(count)"
      case .percent(let percent): percent.rounded() == percent ? "\(Int(percent))%" : "\(percent)%"
      }
    }
  }

  /// Of the resources of one type that we manage at the endpoint.
  package var maxDeletes: Limit
  package var maxDisables: Limit
  /// Of the members of one group.
  package var maxMemberRemovals: Limit
  /// Of what the ledger links there, how much may be gone.
  package var maxMissing: Limit
  /// A share is not held against a small set: so many are allowed whatever it says, as far as they are not most of it.
  package var floor: Int
  /// Resources that are never disabled, deleted or renamed.
  package var protect: [Filter]
  /// The least number of members an administrators' role or group keeps; nil is not watched.
  package var minAdmins: Int?

  package init(
    maxDeletes: Limit = .percent(5), maxDisables: Limit = .percent(5), maxMemberRemovals: Limit = .percent(25),
    maxMissing: Limit = .percent(50), floor: Int = 10, protect: [Filter] = [], minAdmins: Int? = nil
  ) {
    self.maxDeletes = maxDeletes
    self.maxDisables = maxDisables
    self.maxMemberRemovals = maxMemberRemovals
    self.maxMissing = maxMissing
    self.floor = floor
    self.protect = protect
    self.minAdmins = minAdmins
  }
}
