import Foundation
import SCIM

/// The certificate that a server shows, and how the connection is kept private.
package struct ServerCertificate: Hashable, Sendable {
  package var subject: String
  package var issuer: String
  package var validFrom: Date
  package var validUntil: Date
  /// `TLS 1.3`; nil when the handshake did not end.
  package var version: String?

  package init(subject: String, issuer: String, validFrom: Date, validUntil: Date, version: String? = nil) {
    self.subject = subject
    self.issuer = issuer
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.version = version
  }
}

/// What a probe found out about an endpoint, or about the server of an identity provider.
package struct ProbeResult: Sendable {
  package enum Credentials: Hashable, Sendable {
    /// None are declared, or none are needed.
    case none
    case accepted
    /// They cannot be used, or the endpoint does not take them; why.
    case refused(String)
    /// Nothing was sent that would show it.
    case untested
  }

  /// Something to be looked at.
  package struct Finding: Hashable, Sendable {
    package var owner: ResourceKey
    package var urgency: ExpiryFinding.Urgency
    package var message: String
  }

  /// `Endpoint/remote`, `IdentityProvider/partner`.
  package var owner: ResourceKey
  /// The driver, or the protocol of an identity provider.
  package var type: String
  /// nil for what is not reached over a network.
  package var address: String?
  /// The account that we sign in with, as far as it is known.
  package var user: String?
  /// From the first byte sent to the answer, connecting included, in seconds.
  package var latency: TimeInterval?
  package var certificate: ServerCertificate?
  /// By how much the other clock is ahead, in seconds.
  package var clockSkew: TimeInterval?
  package var credentials: Credentials
  package var capabilities: Capabilities?
  package var expiries: [ExpiryFinding]
  /// Why it could not be reached, or did not answer as it should; nil when it did.
  package var failure: String?

  package init(_ owner: ResourceKey, type: String, address: String? = nil, expiries: [ExpiryFinding] = []) {
    self.owner = owner
    self.type = type
    self.address = address
    self.expiries = expiries
    credentials = .untested
  }

  /// Whether it answered, and took our credentials.
  package var isUsable: Bool {
    if case .refused = credentials { return false }
    return failure == nil
  }

  /// What is to be looked at, the most urgent first.
  package func findings(at now: Date) -> [Finding] {
    let expiring = expiries.compactMap { finding in
      finding.urgency(at: now).map { Finding(owner: owner, urgency: $0, message: finding.sentence(at: now)) }
    }
    return (expiring + [clockFinding].compactMap { $0 }).sorted {
      $0.urgency == $1.urgency ? $0.message < $1.message : $0.urgency > $1.urgency
    }
  }

  /// A minute is more than signed assertions and tokens get over.
  private var clockFinding: Finding? {
    guard let clockSkew, abs(clockSkew) >= 60 else { return nil }
    let seconds = Int(abs(clockSkew).rounded())
    return Finding(
      owner: owner, urgency: abs(clockSkew) >= 300 ? .error : .warning,
      message: "the clock of \(owner) is \(seconds) s \(clockSkew > 0 ? "ahead of" : "behind") this machine's")
  }
}
