import Foundation
import JSON
import Reconciliation

/// An announcement as it goes out, the same however often it is sent.
package struct NotificationMessage: Hashable, Sendable {
  /// How many items are spelled out where people read; the rest is counted.
  private static let shown = 20

  package var id: String
  /// The name of the notification.
  package var name: String
  package var time: Date
  package var place: PassFindings.Place
  package var items: [Announcement.Item]

  package init(_ announcement: Announcement, over name: String, id: String, at time: Date) {
    self.id = id
    self.name = name
    self.time = time
    place = announcement.place
    items = announcement.items
  }

  /// What a person sends to try a channel.
  package static func test(over name: String, id: String, at time: Date) -> NotificationMessage {
    NotificationMessage(Announcement(.manifests, []), over: name, id: id, at: time)
  }

  /// In seconds since 1970.
  package var timestamp: Int { Int(time.timeIntervalSince1970) }

  /// For programs; the format is told by `formatVersion`.
  package var json: JSONObject {
    [
      "formatVersion": 1, "type": .string(items.isEmpty ? "rollcall.test" : "rollcall.findings"), "id": .string(id),
      "time": .string(Self.text(time)), "notification": .string(name), "place": .string("\(place)"),
      "text": .string(headline), "items": .array(items.map(\.json)),
    ]
  }

  /// For Slack and its like: `mrkdwn`, with what is special there escaped.
  package var slack: JSONObject {
    var lines = ["*\(Self.escaped(headline))*"] + items.prefix(Self.shown).map { Self.escaped($0.line) }
    if items.count > Self.shown { lines.append("… and \(items.count - Self.shown) more") }
    return ["text": .string(lines.joined(separator: "\n"))]
  }

  /// One line that says how much of what there is: `local: 2 new drift, 1 failure over`.
  package var headline: String {
    if items.isEmpty { return "Rollcall: a test of the notification \(name)" }
    let counts = Dictionary(grouping: items) { Kind(news: $0.news, event: $0.finding.event) }.mapValues(\.count)
    let parts = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.words)" }
    return "Rollcall, \(place): \(parts.joined(separator: ", "))"
  }

  private struct Kind: Hashable, Comparable {
    var news: Announcement.Item.News
    var event: NotificationDeclaration.Event

    var words: String {
      let noun =
        switch event {
        case .drift: "drifted"
        case .failure: "failed"
        case .withheld: "withheld"
        case .expiry: "expiring"
        case .recovered: "recovered"
        }
      return switch news {
      case .new: noun
      case .again: "still \(noun)"
      case .recovered: "no longer \(noun)"
      }
    }

    static func < (a: Kind, b: Kind) -> Bool { (a.order, a.event.rawValue) < (b.order, b.event.rawValue) }

    private var order: Int {
      switch news {
      case .new: 0
      case .again: 1
      case .recovered: 2
      }
    }
  }

  fileprivate static func text(_ time: Date) -> String { time.formatted(.iso8601) }

  /// https://api.slack.com/reference/surfaces/formatting#escaping
  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}

extension Announcement.Item {
  fileprivate var json: JSONValue {
    [
      "news": .string(news.rawValue), "event": .string(finding.event.rawValue), "subject": .string(finding.subject),
      "text": .string(finding.text), "since": .string(NotificationMessage.text(since)),
    ]
  }

  fileprivate var line: String {
    let mark =
      switch news {
      case .new: "•"
      case .again: "• still"
      case .recovered: "✓ over:"
      }
    return "\(mark) \(finding.subject): \(finding.text)"
  }
}
