import Foundation

/// One message: everything that one look gives reason to tell.
package struct Announcement: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package enum News: String, Sendable {
      case new, again, recovered
    }

    package var news: News
    package var finding: PassFindings.Finding
    package var since: Date

    package init(_ news: News, _ finding: PassFindings.Finding, since: Date) {
      self.news = news
      self.finding = finding
      self.since = since
    }
  }

  package var place: PassFindings.Place
  /// What is new first, then what goes on, then what is over; each by event and subject.
  package var items: [Item]

  package init(_ place: PassFindings.Place, _ items: [Item]) {
    self.place = place
    self.items = items
  }
}

/// Decides what is told over one channel: each finding once, again after a while, and that it is over; all of one look in
/// one message, and no more messages than the rate allows. What the rate holds back, or could not be delivered, is told
/// later. No clock, no tasks.
package struct NotificationPolicy: Sendable {
  /// What recurs every pass, such as drift that is corrected each time, is told once in this time, in seconds.
  private static let momentaryMemory: TimeInterval = 86_400

  private struct Key: Hashable {
    var place: PassFindings.Place
    var event: NotificationDeclaration.Event
    var subject: String
  }

  private struct Known {
    var finding: PassFindings.Finding
    var since: Date
    var toldAt: Date?
    var isOver = false
  }

  /// May be replaced by another version of the same document; what is known stays.
  package var declaration: NotificationDeclaration
  private var known: [Key: Known] = [:]
  private var sent: [Date] = []

  package init(_ declaration: NotificationDeclaration) { self.declaration = declaration }

  /// Takes what a look found.
  /// - Returns: what is to be told now. It counts against the rate; it counts as told when ``told(_:at:)`` says so.
  package mutating func take(_ look: PassFindings, at now: Date) -> Announcement? {
    guard wants(look.place) else { return nil }
    remember(look, at: now)
    sent.removeAll { now.timeIntervalSince($0) >= declaration.rate.period }
    let items = due(at: look.place, now)
    guard !items.isEmpty, sent.count < declaration.rate.count else { return nil }
    sent.append(now)
    return Announcement(look.place, items)
  }

  /// Notes that a message has arrived.
  package mutating func told(_ announcement: Announcement, at now: Date) {
    for item in announcement.items {
      let key = Key(place: announcement.place, event: item.finding.event, subject: item.finding.subject)
      if item.news == .recovered {
        if known[key]?.isOver == true { known[key] = nil }
      } else {
        known[key]?.toldAt = now
      }
    }
  }

  private func wants(_ place: PassFindings.Place) -> Bool {
    guard let endpoints = declaration.endpoints else { return true }
    if case .endpoint(let name) = place { return endpoints.contains(name) }
    return false
  }

  private mutating func remember(_ look: PassFindings, at now: Date) {
    var present: Set<Key> = []
    for finding in look.findings where declaration.events.contains(finding.event) {
      let key = Key(place: look.place, event: finding.event, subject: finding.subject)
      present.insert(key)
      var entry = known[key] ?? Known(finding: finding, since: now)
      entry.finding = finding
      entry.isOver = false
      known[key] = entry
    }
    for (key, entry) in known where key.place == look.place && !present.contains(key) {
      if entry.finding.isMomentary {
        guard let toldAt = entry.toldAt, now.timeIntervalSince(toldAt) >= Self.momentaryMemory else { continue }
        known[key] = nil
      } else if look.judged.contains(key.event) {
        // What nobody was told of, nobody has to be told is over.
        known[key]?.isOver = true
        if entry.toldAt == nil || !declaration.events.contains(.recovered) { known[key] = nil }
      }
    }
  }

  private func due(at place: PassFindings.Place, _ now: Date) -> [Announcement.Item] {
    let items = known.compactMap { key, entry -> Announcement.Item? in
      guard key.place == place, let news = news(of: entry, now) else { return nil }
      return Announcement.Item(news, entry.finding, since: entry.since)
    }
    return items.sorted { $0.order < $1.order }
  }

  private func news(of entry: Known, _ now: Date) -> Announcement.Item.News? {
    guard let toldAt = entry.toldAt else { return .new }
    if entry.isOver { return .recovered }
    guard !entry.finding.isMomentary, let pause = declaration.repeatEvery else { return nil }
    return now.timeIntervalSince(toldAt) >= pause ? .again : nil
  }
}

extension Announcement.Item {
  fileprivate var order: (Int, String, String) { (rank, finding.event.rawValue, finding.subject) }

  private var rank: Int {
    switch news {
    case .new: 0
    case .again: 1
    case .recovered: 2
    }
  }
}
