import Reconciliation
import SCIM

/// What a ``SCIM2Endpoint`` needs to know, secrets resolved.
package struct SCIM2Configuration: Sendable {
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

  /// The name in the manifests.
  package var name: String
  /// The base address: `https://host/scim2`.
  package var url: String
  package var credential: EndpointCredential?
  package var trust: EndpointDeclaration.Trust
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool
  package var limits: EndpointDeclaration.Limits
  package var timeouts: Timeouts
  package var retry: RetryPolicy
  /// The most resources to ask for at once; the endpoint may bring fewer.
  package var pageSize: Int
  /// Attributes that listings leave out; empty asks for all.
  package var excludedAttributes: [String]
  /// The largest answer that is read, in bytes.
  package var maxAnswerSize: Int
  /// `User-Agent`: `rollcall/<version>`.
  package var userAgent: String
  /// Schema extensions that stand in for those which the endpoint names and does not describe.
  package var schemas: [SchemaExtension] = []

  package init(
    name: String, url: String, credential: EndpointCredential? = nil, trust: EndpointDeclaration.Trust = .system,
    allowsPlaintext: Bool = false, limits: EndpointDeclaration.Limits = .init(), timeouts: Timeouts = Timeouts(),
    retry: RetryPolicy = RetryPolicy(), pageSize: Int = 1000, excludedAttributes: [String] = [],
    maxAnswerSize: Int = 64 << 20, userAgent: String
  ) {
    self.name = name
    self.url = url
    self.credential = credential
    self.trust = trust
    self.allowsPlaintext = allowsPlaintext
    self.limits = limits
    self.timeouts = timeouts
    self.retry = retry
    self.pageSize = pageSize
    self.excludedAttributes = excludedAttributes
    self.maxAnswerSize = maxAnswerSize
    self.userAgent = userAgent
  }
}
