import Foundation
import Reconciliation

/// A `Notification` document as it was read.
struct NotificationDraft: Sendable {
  var declaration: NotificationDeclaration
  var part: FilePart
  var nameMark: YAMLMark
  /// The endpoints that it names.
  var references: [AttributeWalker.PendingReference]

  var nameLocation: SourceLocation { part.location(nameMark) }
}

/// Reads the `spec` of a `Notification` document.
struct NotificationReader {
  let scope: FileScope

  /// nil, and a fault, when nobody could be told anything.
  func read(_ spec: YAMLNode, _ metadata: DocumentReader.Metadata) -> NotificationDraft? {
    guard var fields = Fields(spec, scope, what: "`spec`") else {
      scope.concealSuspects(in: spec)
      return nil
    }
    let allowsPlaintext = fields.bool("allowPlaintext") ?? false
    let channels = [
      fields.take("webhook").map { webhook($0, allowsPlaintext) }, fields.take("slack").map(slack),
    ].compactMap { $0 }
    let events = fields.items("on")?.compactMap {
      scope.choice($0, NotificationDeclaration.Event.self, what: "an entry of `on`")
    }
    let endpoints = fields.items("endpoints")?.compactMap(endpoint)
    let rate = fields.take("rateLimit").flatMap(rate)
    let repeatEvery = fields.duration("repeatEvery")
    let trust = fields.take("tls").flatMap(ConnectionReader(scope: scope).trust)
    fields.finish("a notification")
    guard channels.count == 1 else {
      scope.report(.conflictingFields, "a notification needs exactly one of `webhook` and `slack`", at: spec.mark)
      return nil
    }
    guard let channel = channels[0] else { return nil }
    var declaration = NotificationDeclaration(
      name: metadata.name, channel: channel, endpoints: endpoints.map { Set($0.map(\.key.name)) },
      repeatEvery: repeatEvery,
      trust: trust ?? .system, allowsPlaintext: allowsPlaintext)
    if let events { declaration.events = Set(events) }
    if let rate { declaration.rate = rate }
    return NotificationDraft(
      declaration: declaration, part: scope.part, nameMark: metadata.nameMark, references: endpoints ?? [])
  }

  private func endpoint(_ node: YAMLNode) -> AttributeWalker.PendingReference? {
    scope.text(node, what: "the name of an endpoint").map {
      .init(key: ResourceKey(ManifestKind.endpoint.rawValue, $0), mark: node.mark)
    }
  }

  private func webhook(_ node: YAMLNode, _ allowsPlaintext: Bool) -> NotificationDeclaration.Channel? {
    guard var fields = Fields(node, scope, what: "`webhook`") else { return nil }
    let url = fields.require("url", of: "`webhook`").flatMap { address($0, allowsPlaintext) }
    let secret = fields.require("secret", of: "`webhook`")
      .flatMap { SecretReader(scope: scope).read($0, what: "`secret`") }
    fields.finish("`webhook`")
    guard let url, let secret else { return nil }
    return .webhook(url: url, secret: secret)
  }

  /// An address, or where one is found that is itself a secret.
  private func address(_ node: YAMLNode, _ allowsPlaintext: Bool) -> NotificationDeclaration.Address? {
    if node.entries != nil { return SecretReader(scope: scope).read(node, what: "`url`").map { .secret($0) } }
    return ConnectionReader(scope: scope)
      .url(node, example: "https://hooks.example/rollcall", allowsPlaintext: allowsPlaintext).map { .plain($0) }
  }

  private func slack(_ node: YAMLNode) -> NotificationDeclaration.Channel? {
    guard var fields = Fields(node, scope, what: "`slack`") else { return nil }
    let url = fields.require("url", of: "`slack`")
      .flatMap {
        SecretReader(scope: scope).read($0, what: "the address of an incoming webhook, which is a credential,")
      }
    fields.finish("`slack`")
    return url.map { .slack(url: $0) }
  }

  /// `10/h`: so many messages in a minute, an hour or a day.
  private func rate(_ node: YAMLNode) -> NotificationDeclaration.Rate? {
    let parts = node.text?.split(separator: "/", omittingEmptySubsequences: false) ?? []
    let periods: [Substring: TimeInterval] = ["m": 60, "h": 3600, "d": 86_400]
    if parts.count == 2, let count = Int(parts[0]), (1...1000).contains(count), let period = periods[parts[1]] {
      return .init(count, in: period)
    }
    scope.report(
      .invalidNumber, "`rateLimit` must be a number of messages in a minute, an hour or a day", at: node.mark,
      hint: "write it as 5/m, 10/h or 20/d")
    return nil
  }
}
