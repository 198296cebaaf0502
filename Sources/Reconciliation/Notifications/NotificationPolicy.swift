import Foundation

/// Decides what is told over one channel: each finding once, again after a while, and that it is over; all of one look in
/// one message, and no more messages than the rate allows. What the rate holds back, or could not be delivered, is told
/// later. No clock, no tasks, no storage: several controllers take turns with one memory.
package struct NotificationPolicy: Sendable {
  /// What recurs every pass, such as drift that is corrected each time, is told once in this time, in seconds.
  private static let momentaryMemory: TimeInterval = 86_400
  /// In seconds: a delivery is tried for a minute, and whoever died over it is not waited for longer than this.
  private static let longestDelivery: TimeInterval = 300
  /// How often is written down who still sees a finding, in seconds.
  private static let grain: TimeInterval = 20
  /// Whoever has not seen a finding for this time, in seconds, is taken for gone.
  private static let witnessMemory: TimeInterval = 60

  private typealias Key = NotificationMemory.Key
  private typealias Known = NotificationMemory.Known

  package let declaration: NotificationDeclaration
  package private(set) var memory: NotificationMemory

  package init(_ declaration: NotificationDeclaration, _ memory: NotificationMemory = NotificationMemory()) {
    self.declaration = declaration
    self.memory = memory
  }

  /// Takes what a look found.
  /// - Returns: what is to be told now, by whoever asked and nobody else. It counts against the rate; it counts as told when
  ///   ``told(_:at:)`` says so.
  package mutating func take(_ look: PassFindings, at now: Date) -> Announcement? {
    guard wants(look.place) else { return nil }
    remember(look, at: now)
    memory.sent.removeAll { now.timeIntervalSince($0) >= declaration.rate.period }
    let items = due(look, now)
    guard !items.isEmpty, memory.sent.count < declaration.rate.count else { return nil }
    memory.sent.append(now)
    for item in items { memory.known[key(item, look.place)]?.claimedAt = now }
    return Announcement(look.place, items)
  }

  /// Notes that a message has arrived.
  package mutating func told(_ announcement: Announcement, at now: Date) {
    for item in announcement.items {
      let key = key(item, announcement.place)
      memory.known[key]?.claimedAt = nil
      if item.news == .recovered {
        if memory.known[key]?.isOver == true { memory.known[key] = nil }
      } else {
        memory.known[key]?.toldAt = now
      }
    }
  }

  /// Notes that a message has not arrived: what it says is told with the next look.
  package mutating func failed(_ announcement: Announcement) {
    for item in announcement.items { memory.known[key(item, announcement.place)]?.claimedAt = nil }
  }

  private func key(_ item: Announcement.Item, _ place: PassFindings.Place) -> Key {
    Key(place: place, event: item.finding.event, subject: item.finding.subject)
  }

  private func wants(_ place: PassFindings.Place) -> Bool {
    guard let endpoints = declaration.endpoints else { return true }
    if case .endpoint(let name) = place { return endpoints.contains(name) }
    return false
  }

  // MARK: What is known

  private mutating func remember(_ look: PassFindings, at now: Date) {
    var present: Set<Key> = []
    for finding in look.findings where declaration.events.contains(finding.event) {
      let key = Key(place: look.place, event: finding.event, subject: finding.subject)
      present.insert(key)
      var entry = memory.known[key] ?? Known(finding: finding, since: now)
      if entry.toldAt == nil || entry.isOver || entry.finding.isMomentary != finding.isMomentary {
        entry.finding = finding
      }
      entry.isOver = false
      if let observer = look.observer { entry.note(observer, at: now, grain: Self.grain) }
      memory.known[key] = entry
    }
    for (key, entry) in memory.known where key.place == look.place && !present.contains(key) {
      memory.known[key] = left(of: entry, key, after: look, now)
    }
  }

  /// What stays of a finding that a look has not found.
  private func left(of entry: Known, _ key: Key, after look: PassFindings, _ now: Date) -> Known? {
    if entry.finding.isMomentary {
      guard let toldAt = entry.toldAt, now.timeIntervalSince(toldAt) >= Self.momentaryMemory else { return entry }
      return nil
    }
    guard look.judged.contains(key.event) else { return entry }
    var entry = entry
    if let observer = look.observer {
      entry.witnesses = entry.witnesses.filter {
        $0.key != observer && now.timeIntervalSince($0.value) < Self.witnessMemory
      }
      guard entry.witnesses.isEmpty else { return entry }
    }
    // What nobody was told of, nobody has to be told is over.
    guard entry.toldAt != nil || isBeingTold(entry, now), declaration.events.contains(.recovered) else { return nil }
    entry.isOver = true
    return entry
  }

  private func isBeingTold(_ entry: Known, _ now: Date) -> Bool {
    entry.claimedAt.map { now.timeIntervalSince($0) < Self.longestDelivery } ?? false
  }

  // MARK: What is told

  private func due(_ look: PassFindings, _ now: Date) -> [Announcement.Item] {
    let words = Dictionary(
      look.findings.map { (Key(place: look.place, event: $0.event, subject: $0.subject), $0) }, uniquingKeysWith: { $1 }
    )
    let items = memory.known.compactMap { key, entry -> Announcement.Item? in
      guard key.place == look.place, let news = news(of: entry, now) else { return nil }
      return Announcement.Item(news, words[key] ?? entry.finding, since: entry.since)
    }
    return items.sorted { $0.order < $1.order }
  }

  private func news(of entry: Known, _ now: Date) -> Announcement.Item.News? {
    guard !isBeingTold(entry, now) else { return nil }
    guard let toldAt = entry.toldAt else { return entry.isOver ? nil : .new }
    if entry.isOver { return .recovered }
    guard !entry.finding.isMomentary, let pause = declaration.repeatEvery else { return nil }
    return now.timeIntervalSince(toldAt) >= pause ? .again : nil
  }
}

extension NotificationMemory.Known {
  /// - Parameter grain: how old, in seconds, the last note of the same witness may be.
  fileprivate mutating func note(_ witness: String, at now: Date, grain: TimeInterval) {
    if let last = witnesses[witness], now.timeIntervalSince(last) < grain { return }
    witnesses[witness] = now
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
