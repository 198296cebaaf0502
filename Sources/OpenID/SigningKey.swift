import Foundation

/// How tokens are signed (RFC 7518 section 3.1).
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
  case rs256 = "RS256"
  case es256 = "ES256"
}

/// A key that tokens are signed with, as the store keeps it.
package struct SigningKey: Hashable, Sendable {
  /// The key identifier (`kid`).
  package var id: String
  package var algorithm: SignatureAlgorithm
  /// The public half as a JSON Web Key (RFC 7517), in compact JSON.
  package var publicKey: String
  /// The private half in PEM, sealed with a key that is kept elsewhere.
  package var sealedKey: String
  /// In whole milliseconds, as the other time.
  package var createdAt: Date
  /// From when on another key signs; nil for the one that signs now.
  package var retiredAt: Date?

  package init(
    id: String, algorithm: SignatureAlgorithm, publicKey: String, sealedKey: String, createdAt: Date,
    retiredAt: Date? = nil
  ) {
    self.id = id
    self.algorithm = algorithm
    self.publicKey = publicKey
    self.sealedKey = sealedKey
    self.createdAt = createdAt
    self.retiredAt = retiredAt
  }
}

/// When a key gives way to another, and when it goes.
package struct KeyRotation: Hashable, Sendable {
  /// How long a key signs, in seconds.
  package var age: TimeInterval
  /// How long it is published after that, in seconds: at least as long as a token lives that it has signed.
  package var retention: TimeInterval

  package init(age: TimeInterval = 90 * 86_400, retention: TimeInterval = 2 * 86_400) {
    self.age = age
    self.retention = retention
  }

  /// The algorithms whose keys are missing or too old.
  package func due(_ keys: [SigningKey], at now: Date) -> [SignatureAlgorithm] {
    SignatureAlgorithm.allCases.filter { algorithm in
      guard let current = keys.current(algorithm) else { return true }
      return current.createdAt.addingTimeInterval(age) <= now
    }
  }

  /// Until when keys are gone that were retired by then.
  package func horizon(at now: Date) -> Date { now.addingTimeInterval(-retention) }

  /// Those that tokens may still be signed with.
  package func published(_ keys: [SigningKey], at now: Date) -> [SigningKey] {
    keys.filter { $0.retiredAt.map { $0 > horizon(at: now) } ?? true }
  }
}

extension [SigningKey] {
  /// The key that signs now: of servers that made one at the same time, the newest.
  package func current(_ algorithm: SignatureAlgorithm) -> SigningKey? {
    filter { $0.algorithm == algorithm && $0.retiredAt == nil }
      .max { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
  }
}
