/// Reads a record of events from its end on: as many as a page holds, and no more than may be looked at for one.
struct TrailWalk<Event: Sendable> {
  /// How many events are read at once.
  private static var window: Int { 500 }
  /// The most that are looked at for one page. What is missing from a record counts too, so that no gap is walked through
  /// in one go.
  private static var budget: Int { 20_000 }

  struct Page {
    /// The newest first.
    var events: [Event] = []
    /// The sequence number where the page after this begins; nil when there is nothing further back.
    var older: Int?
    /// The last event that was looked at.
    var reached: Event?
  }

  /// The most entries of a page.
  var size = 50
  let sequence: @Sendable (Event) -> Int
  /// The events after a sequence number, oldest first.
  let read: @Sendable (_ after: Int, _ limit: Int) async throws -> [Event]

  /// - Parameters:
  ///   - end: only events with a lower sequence number; no higher than the end of the record, or nothing is found.
  ///   - isOver: whether an event and all before it are too old.
  ///   - isWanted: asked of the newest first.
  func page(
    before end: Int, until isOver: (Event) -> Bool, where isWanted: (Event) throws -> Bool
  ) async throws -> Page {
    var page = Page()
    var high = end
    let bottom = max(end, Self.budget + 1) - Self.budget
    while high > bottom {
      try Task.checkCancellation()
      // Others on the same event loop get their turn between two reads.
      await Task.yield()
      let low = max(high - Self.window - 1, 0)
      let events = try await read(low, Self.window).filter { sequence($0) < high }
      if events.isEmpty, try await isBeginning(high) { return page }
      for event in events.reversed() {
        if isOver(event) { return page }
        page.reached = event
        if try isWanted(event) { page.events.append(event) }
        guard page.events.count < size else {
          page.older = sequence(event) > 1 ? sequence(event) : nil
          return page
        }
      }
      high = low + 1
    }
    page.older = high > 1 ? high : nil
    return page
  }
  /// Whether the record keeps nothing before a sequence number.
  private func isBeginning(_ high: Int) async throws -> Bool {
    try await read(0, 1).first.map { sequence($0) >= high } ?? true
  }
}
