/// Reads a record of events from its end on: as many as a page holds, and no more than may be looked at for one.
struct TrailWalk<Event: Sendable> {
  /// How many events are read at once.
  private static var window: Int { 500 }
  /// The most that are looked at for one page.
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
  ///   - end: only events with a lower sequence number.
  ///   - isOver: whether an event and all before it are too old.
  ///   - isWanted: asked of the newest first.
  func page(
    before end: Int, until isOver: (Event) -> Bool, where isWanted: (Event) throws -> Bool
  ) async throws -> Page {
    var page = Page()
    var high = end
    var count = 0
    while high > 1 {
      let low = max(high - Self.window - 1, 0)
      for event in try await read(low, Self.window).reversed() where sequence(event) < high {
        if isOver(event) { return page }
        page.reached = event
        if try isWanted(event) { page.events.append(event) }
        count += 1
        guard page.events.count < size, count < Self.budget else {
          page.older = sequence(event) > 1 ? sequence(event) : nil
          return page
        }
      }
      high = low + 1
    }
    return page
  }
}
