import Foundation

/// One thing that is true or not of an endpoint while a controller looks after it, and since when.
package struct EndpointCondition: Hashable, Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// The last pass left the endpoint as the manifests ask.
    case ready = "Ready"
    /// A pass is under way, or another try will follow by itself.
    case reconciling = "Reconciling"
    /// Nothing will help but a change of the manifests, the credentials or the endpoint.
    case stalled = "Stalled"
    /// An operator asked for no passes.
    case suspended = "Suspended"
    /// A guardrail refused the plan: it waits for an approval or for other manifests.
    case quarantined = "Quarantined"
  }

  /// Why, in one word, fit for alert rules.
  package enum Reason: String, Sendable, CaseIterable {
    case converged = "Converged"
    case driftReported = "DriftReported"
    case passUnderWay = "PassUnderWay"
    case notYetRead = "NotYetRead"
    case partlyApplied = "PartlyApplied"
    case retrying = "Retrying"
    case unreachable = "Unreachable"
    case credentialsRefused = "CredentialsRefused"
    case misconfigured = "Misconfigured"
    case stateUnavailable = "StateUnavailable"
    case guardrail = "Guardrail"
    case dependencyNotReady = "DependencyNotReady"
    case operatorAsked = "OperatorAsked"
    case idle = "Idle"
  }

  package var kind: Kind
  package var isTrue: Bool
  package var reason: Reason
  /// For people; no secrets.
  package var message: String
  /// When it last became true or false.
  package var since: Date

  package init(_ kind: Kind, _ isTrue: Bool, _ reason: Reason, _ message: String = "", since: Date) {
    self.kind = kind
    self.isTrue = isTrue
    self.reason = reason
    self.message = message
    self.since = since
  }
}
