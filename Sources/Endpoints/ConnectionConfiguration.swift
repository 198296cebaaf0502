import Foundation
import Reconciliation

/// What every driver over HTTP needs to know of its connection, secrets resolved.
package struct ConnectionConfiguration: Sendable {
  package struct Timeouts: Hashable, Sendable {
    package var connect: Duration
    /// The longest silence of the endpoint.
    package var read: Duration
    /// From sending a request to the end of its answer.
    package var request: Duration

    package init(
      connect: Duration = .seconds(5), read: Duration = .seconds(30), request: Duration = .seconds(300)
    ) {
      self.connect = connect
      self.read = read
      self.request = request
    }
  }

  package var credential: EndpointCredential?
  package var trust: EndpointDeclaration.Trust
  package var limits: EndpointDeclaration.Limits
  package var timeouts: Timeouts
  package var retry: RetryPolicy
  /// The largest answer that is read, in bytes.
  package var maxAnswerSize: Int
  /// `User-Agent`: `rollcall/<version>`.
  package var userAgent: String
  /// The time of day, for what is signed.
  package var now: @Sendable () -> Date

  package init(
    credential: EndpointCredential? = nil, trust: EndpointDeclaration.Trust = .system,
    limits: EndpointDeclaration.Limits = .init(), timeouts: Timeouts = Timeouts(), retry: RetryPolicy = RetryPolicy(),
    maxAnswerSize: Int = 64 << 20, userAgent: String, now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.credential = credential
    self.trust = trust
    self.limits = limits
    self.timeouts = timeouts
    self.retry = retry
    self.maxAnswerSize = maxAnswerSize
    self.userAgent = userAgent
    self.now = now
  }
}
