import LocalDirectory
import Testing

/// What resources were before and after every write, reckoned backwards from differences, is what they have been.
struct DirectoryHistoryTests {
  @Test(arguments: [1, 2, 3] as [UInt64], StoreUnderTest.allCases)
  func changesTellWhatResourcesWere(_ seed: UInt64, _ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      var walk = try HistoryWalk(over: store, seed: seed)
      try await walk.take(steps: 300)
      let (expected, directory) = (walk.expected, walk.directory)
      for size in [1, 7, expected.count] {
        var changes: [DirectoryChange] = []
        while changes.count < expected.count {
          let page = try await directory.events(after: changes.count, limit: size)
          changes += try await directory.changes(page)
        }
        let wrong = zip(changes, expected).first { $0 != $1 }
        #expect(wrong == nil, "in pages of \(size)")
      }
    }
  }

  @Test func theWalkComesToEverything() async throws {
    var walk = try HistoryWalk(over: InMemoryDirectoryStore(), seed: 1)
    try await walk.take(steps: 300)
    let events = walk.expected.map(\.event)
    #expect(Set(events.map(\.action)) == Set(DirectoryEvent.Action.allCases))
    let updates = events.filter { $0.action == .update }
    #expect(updates.contains { if case .whole = $0.attributes { true } else { false } })
    let most = Dictionary(grouping: updates, by: \.id).values.map(\.count).max() ?? 0
    #expect(most > 2 * AttributeRecord.wholeInterval)
  }
}
