import Foundation

/// Something that an endpoint or an identity provider needs and that ends at a known moment.
package struct ExpiryFinding: Hashable, Sendable {
  package enum Subject: String, Sendable, CaseIterable {
    /// The certificate that its server shows.
    case certificate
    /// The last of the certificates that the manifest trusts.
    case caFile
    /// The token that we sign in with.
    case token

    /// `certificate of Endpoint/remote`
    package func name(of owner: ResourceKey) -> String {
      switch self {
      case .certificate: "certificate of \(owner)"
      case .caFile: "last certificate in the caFile of \(owner)"
      case .token: "token of \(owner)"
      }
    }
  }

  /// How much of a hurry it is.
  package enum Urgency: String, Sendable, Comparable {
    /// Less than 30 days are left.
    case warning
    /// Less than 7 days are left, or none.
    case error

    package static func < (a: Urgency, b: Urgency) -> Bool { a == .warning && b == .error }
  }

  /// `Endpoint/remote`, `IdentityProvider/partner`.
  package var owner: ResourceKey
  package var subject: Subject
  package var expiresAt: Date
  /// Where the owner's document starts.
  package var location: SourceLocation?

  package init(_ owner: ResourceKey, _ subject: Subject, expiresAt: Date, location: SourceLocation? = nil) {
    self.owner = owner
    self.subject = subject
    self.expiresAt = expiresAt
    self.location = location
  }

  /// Whole days that are left; negative when it is over.
  package func daysLeft(at now: Date) -> Int { Int((expiresAt.timeIntervalSince(now) / 86_400).rounded(.down)) }

  /// nil when there is time.
  package func urgency(at now: Date) -> Urgency? {
    switch daysLeft(at: now) {
    case ..<7: .error
    case ..<30: .warning
    default: nil
    }
  }

  /// `the certificate of Endpoint/remote ends in 12 days, on 2026-12-08`.
  package func sentence(at now: Date) -> String {
    let what = "the \(subject.name(of: owner))"
    guard now < expiresAt else { return "\(what) ended on \(expiresAt.day)" }
    let days = daysLeft(at: now)
    let left = days == 0 ? "within a day" : days == 1 ? "in 1 day" : "in \(days) days"
    return "\(what) ends \(left), on \(expiresAt.day)"
  }
}
