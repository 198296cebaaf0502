import Foundation
import JSON
import SCIM

/// An `Endpoint` manifest: a place where resources live, how to reach it, and what we may do there.
package struct EndpointDeclaration: Sendable {
  package enum Driver: String, Sendable, CaseIterable { case embedded, scim2, scim1, spml2, google, salesforce, wso2 }

  package enum Authentication: Sendable {
    case basic(username: String, password: SecretReference)
    /// `expiresAt` is only for warnings.
    case bearer(token: SecretReference, expiresAt: Date?)
    case oauth2(OAuth2Client)
    case serviceAccount(ServiceAccount)
  }

  package enum Trust: Hashable, Sendable {
    case system
    /// A PEM file with the certificates to trust, relative to the manifest.
    case caFile(String)
    /// The SHA-256 of the server's certificate (DER), in hexadecimal, colons allowed.
    case pinned(sha256: String)
    /// No verification at all; warned about on every run.
    case insecureSkipVerify
  }

  /// Which resources the endpoint is in charge of removing.
  package enum Ownership: String, Sendable, CaseIterable {
    /// What we created or adopted.
    case ledger
    /// What carries an externalId that we gave.
    case externalId
    /// Everything in scope.
    case authoritative
  }

  package struct Scope: Sendable {
    /// nil: every kind that the endpoint can hold.
    package var kinds: Set<String>?
    package var matchLabels: [String: String]
    package var filter: Filter?

    package init(kinds: Set<String>? = nil, matchLabels: [String: String] = [:], filter: Filter? = nil) {
      self.kinds = kinds
      self.matchLabels = matchLabels
      self.filter = filter
    }
  }

  /// What to do in each situation of a match.
  package struct Situations: Hashable, Sendable {
    package enum Found: String, Sendable, CaseIterable { case adopt, report, stop }
    package enum Unmatched: String, Sendable, CaseIterable { case report, ignore }
    package enum Ambiguous: String, Sendable, CaseIterable { case stop, report }
    package enum Missing: String, Sendable, CaseIterable { case recreate, report }

    package var found: Found
    package var unmatched: Unmatched
    package var ambiguous: Ambiguous
    package var missing: Missing

    package init(
      found: Found = .adopt, unmatched: Unmatched = .report, ambiguous: Ambiguous = .stop, missing: Missing = .recreate
    ) {
      self.found = found
      self.unmatched = unmatched
      self.ambiguous = ambiguous
      self.missing = missing
    }
  }

  package struct Limits: Hashable, Sendable {
    /// Requests a minute; nil is unlimited.
    package var readsPerMinute: Int?
    package var writesPerMinute: Int?
    /// Requests in flight at once.
    package var concurrency: Int

    package init(readsPerMinute: Int? = nil, writesPerMinute: Int? = nil, concurrency: Int = 8) {
      self.readsPerMinute = readsPerMinute
      self.writesPerMinute = writesPerMinute
      self.concurrency = concurrency
    }
  }

  package enum DriftPolicy: String, Sendable, CaseIterable { case correct, report, ignore }

  package var name: String
  package var driver: Driver
  package var settings: DriverSettings
  /// nil where the driver's settings say where resources are, or nothing has to be reached.
  package var url: String?
  package var authentication: Authentication?
  package var trust: Trust
  package var allowsPlaintext: Bool
  package var ownership: Ownership
  package var scope: Scope
  /// Attribute names, tried in this order after the ledger.
  package var correlation: [String]
  package var mapping: [AttributeMapping]
  package var situations: Situations
  /// Attributes that are neither compared nor written.
  package var ignore: [AttributePath]
  package var limits: Limits
  package var safety: SafetyLimits
  package var drift: DriftPolicy
  /// The pause between two passes of the control loop, in seconds.
  package var interval: TimeInterval
  /// The endpoints that must be as the manifests ask before this one is written to, by name.
  package var dependsOn: [String] = []
  /// The SQLite file of an embedded directory; nil is the default.
  package var store: String?
  /// The schema extensions of the manifests: what an embedded directory is to know, and what others may not describe.
  package var schemas: [SchemaExtension] = []
  /// Where the document starts; nil for the endpoint that is assumed when none is declared.
  package var location: SourceLocation?

  package init(
    name: String, driver: Driver, settings: DriverSettings = .none, url: String? = nil,
    authentication: Authentication? = nil, trust: Trust = .system, allowsPlaintext: Bool = false,
    ownership: Ownership = .ledger, scope: Scope = Scope(),
    correlation: [String] = ["externalId", "userName", "name", "displayName"], mapping: [AttributeMapping] = [],
    situations: Situations = Situations(), ignore: [AttributePath] = [], limits: Limits = Limits(),
    safety: SafetyLimits = SafetyLimits(), drift: DriftPolicy = .correct, interval: TimeInterval = 30 * 60,
    store: String? = nil, location: SourceLocation? = nil
  ) {
    self.name = name
    self.driver = driver
    self.settings = settings
    self.url = url
    self.authentication = authentication
    self.trust = trust
    self.allowsPlaintext = allowsPlaintext
    self.ownership = ownership
    self.scope = scope
    self.correlation = correlation
    self.mapping = mapping
    self.situations = situations
    self.ignore = ignore
    self.limits = limits
    self.safety = safety
    self.drift = drift
    self.interval = interval
    self.store = store
    self.location = location
  }

  /// The endpoint that is assumed when no manifest declares one.
  package static let embedded = EndpointDeclaration(name: "local", driver: .embedded)
}
