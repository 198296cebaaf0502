import LocalDirectory

extension Directory {
  /// How many events are taken at once.
  static let eventsAtOnce = 500

  /// Visits the events after one, oldest first, many at once.
  /// - Parameter end: the last one that is wanted; the reading may go a little beyond it.
  func readEvents(after cursor: Int, upTo end: Int = .max, _ visit: ([DirectoryEvent]) -> Void) async throws {
    var cursor = cursor
    while cursor < end {
      let events = try await events(after: cursor, limit: Self.eventsAtOnce)
      guard let last = events.last else { return }
      visit(events)
      cursor = last.sequence
    }
  }
}
