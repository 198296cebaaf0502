import Foundation

/// A channel over which people are told what the controller finds: a `Notification` document.
package struct NotificationDeclaration: Hashable, Sendable {
  /// What can be told.
  package enum Event: String, Sendable, CaseIterable {
    /// An endpoint differs from what was last applied.
    case drift
    /// A pass, a change, or the source of the manifests failed, or a guardrail stopped a pass.
    case failure
    /// A resource is left alone because nothing safe can be done.
    case withheld
    /// A credential or a certificate ends soon.
    case expiry
    /// Something that was told is over.
    case recovered
  }

  package enum Channel: Hashable, Sendable {
    /// A POST that is signed as Standard Webhooks describes.
    case webhook(url: Address, secret: SecretReference)
    /// An incoming webhook of Slack, or of what understands the same; its address is the credential.
    case slack(url: SecretReference)
  }

  package enum Address: Hashable, Sendable {
    case plain(String)
    case secret(SecretReference)
  }

  /// So many messages in a time, in seconds.
  package struct Rate: Hashable, Sendable {
    package var count: Int
    package var period: TimeInterval

    package init(_ count: Int, in period: TimeInterval) {
      self.count = count
      self.period = period
    }
  }

  package var name: String
  package var channel: Channel
  package var events: Set<Event>
  /// nil for all, and for the manifests themselves.
  package var endpoints: Set<String>?
  package var rate: Rate
  /// After how long what is still so is told again, in seconds; nil tells each thing once.
  package var repeatEvery: TimeInterval?
  package var trust: EndpointDeclaration.Trust
  /// Whether plain HTTP is allowed beyond the loopback.
  package var allowsPlaintext: Bool

  package init(
    name: String, channel: Channel, events: Set<Event> = Set(Event.allCases), endpoints: Set<String>? = nil,
    rate: Rate = Rate(10, in: 3600), repeatEvery: TimeInterval? = nil, trust: EndpointDeclaration.Trust = .system,
    allowsPlaintext: Bool = false
  ) {
    self.name = name
    self.channel = channel
    self.events = events
    self.endpoints = endpoints
    self.rate = rate
    self.repeatEvery = repeatEvery
    self.trust = trust
    self.allowsPlaintext = allowsPlaintext
  }
}
