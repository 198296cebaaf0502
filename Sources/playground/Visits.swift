import Foundation
import OpenID
import Synchronization

/// What is known of one browser.
struct Visit: Sendable {
  /// The sign-in that it is on its way with; a newer one replaces it.
  var attempt: SignInAttempt?
  var signedIn: SignedIn?
  /// What the provider must bring back when it has signed the user out.
  var farewell: String?
}

/// The browsers that have come, each by the digest of a secret that only it has. In memory: they are gone with the process.
final class Visits: Sendable {
  private struct Entry {
    var visit: Visit
    var seenAt: ContinuousClock.Instant
  }

  private let capacity: Int
  private let entries = Mutex<[TokenDigest: Entry]>([:])

  /// - Parameter capacity: how many are kept; beyond it the one goes that has been away the longest.
  init(capacity: Int = 1000) { self.capacity = capacity }

  /// nil for a browser that is not known, or no longer.
  func visit(_ secret: TokenSecret?) -> Visit? {
    guard let digest = secret?.digest else { return nil }
    return entries.withLock { entries in
      entries[digest]?.seenAt = .now
      return entries[digest]?.visit
    }
  }

  /// Keeps the visit under a new secret, and nothing under the one before: whoever knew that one knows nothing.
  /// - Returns: the new secret.
  func keep(_ visit: Visit, insteadOf old: TokenSecret?, random: () -> [UInt8] = TokenSecret.systemRandom)
    -> TokenSecret
  {
    let secret = TokenSecret(.session, random: random())
    entries.withLock { entries in
      if let old { entries[old.digest] = nil }
      if entries.count >= capacity, let oldest = entries.min(by: { $0.value.seenAt < $1.value.seenAt }) {
        entries[oldest.key] = nil
      }
      entries[secret.digest] = Entry(visit: visit, seenAt: .now)
    }
    return secret
  }

  /// Changes what is known of a browser, if it still is.
  func update(_ secret: TokenSecret, _ change: (inout Visit) -> Void) {
    entries.withLock { entries in
      guard var entry = entries[secret.digest] else { return }
      change(&entry.visit)
      entries[secret.digest] = entry
    }
  }

  /// The refresh token of a browser's user, which nobody else gets until there is another; nil when there is none.
  func takeRefreshToken(_ secret: TokenSecret) -> TokenSecret? {
    entries.withLock { entries in
      let token = entries[secret.digest]?.visit.signedIn?.refreshToken
      entries[secret.digest]?.visit.signedIn?.refreshToken = nil
      return token
    }
  }
}
