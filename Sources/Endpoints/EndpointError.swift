import SCIM

/// Why an endpoint did not do what it was asked; `message` is one sentence without secrets.
package struct EndpointError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// No connection, or TLS refused.
    case unreachable
    /// The connection ended before the answer: for a write, nobody knows whether it was done.
    case interrupted
    case timedOut
    /// 401.
    case unauthorized
    /// 403.
    case forbidden
    /// 404.
    case notFound
    /// 409, or 400 with scimType uniqueness.
    case conflict
    /// 412.
    case stale
    /// 413.
    case tooLarge
    /// 429; how long to wait, when the endpoint says.
    case rateLimited(retryAfter: Duration?)
    /// 5xx; how long to wait, when the endpoint says.
    case unavailable(retryAfter: Duration?)
    /// Any other refusal.
    case rejected
    /// An answer that is not SCIM: HTML, broken JSON, a redirect.
    case malformed
    /// The credential, certificate file or address in the manifest cannot be used.
    case misconfigured
    case cancelled
  }

  package var kind: Kind
  /// The HTTP status, when there was an answer.
  package var status: Int?
  package var message: String

  package init(_ kind: Kind, status: Int? = nil, _ message: String) {
    self.kind = kind
    self.status = status
    self.message = message
  }

  /// Whether the same request may succeed later.
  package var isTransient: Bool {
    switch kind {
    case .unreachable, .interrupted, .timedOut, .rateLimited, .unavailable: true
    case .unauthorized, .forbidden, .notFound, .conflict, .stale, .tooLarge, .rejected, .malformed, .misconfigured,
      .cancelled:
      false
    }
  }
}
