import JSON
import LocalDirectory
import SCIM
import SeededRandom
import Testing

/// Listings by position: whole, in order, and unmoved by what others write.
struct CursorWalkTests {
  private static let queries: [(filter: String?, sortBy: String?, descending: Bool)] = [
    (nil, nil, false), ("title pr", nil, false), (nil, "userName", false), (nil, "title", true),
    ("emails.value co \"1\"", "emails.value", true), ("title eq \"a\" or title eq \"b\"", "meta.created", false),
    ("userName eq \"user 7\"", nil, false),
  ]

  private func query(_ number: Int, count: Int) throws -> ListQuery {
    let (filter, sortBy, descending) = Self.queries[number]
    return ListQuery(
      filter: try filter.map { try Filter(parsing: $0) }, sortBy: try sortBy.map { try AttributePath(parsing: $0) },
      descending: descending, count: count)
  }

  private func fill(_ fixture: DirectoryFixture, _ random: inout SplitMix64, count: Int) async throws {
    for number in 0..<count {
      let title: JSONValue = ["a", "B", "b", nil].randomElement(using: &random) ?? nil
      _ = try await fixture.makeUser(
        "user \(number)", ["title": title, "emails": [["value": .string("\(number % 17)@example.com")]]])
    }
  }

  private func walk(
    _ fixture: DirectoryFixture, _ types: [ResourceType], _ query: ListQuery,
    between: () async throws -> Void = {}
  ) async throws -> [String] {
    var ids: [String] = []
    var position: ListPosition?
    while true {
      let (list, next) = try await fixture.directory.list(types: types, query, after: position)
      #expect(list.resources.count == query.count || next == nil)
      ids += list.resources.map(\.id)
      guard let next else { return ids }
      // What is handed out and taken back is the same place.
      position = ListPosition(next.json)
      #expect(position == next)
      try await between()
    }
  }

  @Test(arguments: queries.indices, [1, 7, 300])
  func equalsTheWholeListAndTheWalkByIndex(_ number: Int, _ count: Int) async throws {
    let fixture = try DirectoryFixture()
    var random = SplitMix64(seed: UInt64(number))
    try await fill(fixture, &random, count: 60)
    let query = try query(number, count: count)
    var whole = query
    whole.count = nil
    let all = try await fixture.directory.list(type: fixture.user, whole)
    #expect(try await walk(fixture, [fixture.user], query) == all.resources.map(\.id))

    var byIndex: [String] = []
    var page = query
    while true {
      page.startIndex = byIndex.count + 1
      let list = try await fixture.directory.list(type: fixture.user, page)
      guard !list.resources.isEmpty else { break }
      byIndex += list.resources.map(\.id)
    }
    #expect(byIndex == all.resources.map(\.id))
    #expect(all.totalResults == byIndex.count)
  }

  /// Larger than one batch, so that a page of few matches spans several.
  @Test func sparseMatchesAreFoundAcrossBatches() async throws {
    let fixture = try DirectoryFixture()
    for number in 0..<700 {
      _ = try await fixture.makeUser("user \(number)", number % 300 == 299 ? ["title": "rare"] : [:])
    }
    let query = ListQuery(filter: try Filter(parsing: "title sw \"r\""), count: 1)
    #expect(try await walk(fixture, [fixture.user], query) == ["id-300", "id-600"])
  }

  @Test(arguments: queries.indices, 1...4 as ClosedRange<UInt64>)
  func whatStaysIsListedOnceWhateverOthersWrite(_ number: Int, _ seed: UInt64) async throws {
    let fixture = try DirectoryFixture()
    var random = SplitMix64(seed: seed)
    try await fill(fixture, &random, count: 60)
    var whole = try query(number, count: 5)
    whole.count = nil
    let before = try await fixture.directory.list(type: fixture.user, whole).resources.map(\.id)
    var deleted: Set<String> = []
    var made = 0
    let walked = try await walk(fixture, [fixture.user], query(number, count: 5)) {
      if let id = before.filter({ !deleted.contains($0) }).randomElement(using: &random) {
        try await fixture.directory.delete(type: fixture.user, id: id, by: "other")
        deleted.insert(id)
      }
      made += 1
      _ = try await fixture.makeUser("new \(made)", ["title": "a"])
    }
    #expect(Set(walked).count == walked.count)
    let old = Set(before)
    #expect(walked.filter { old.contains($0) && !deleted.contains($0) } == before.filter { !deleted.contains($0) })
  }

  @Test func severalTypesAreOneWalk() async throws {
    let fixture = try DirectoryFixture()
    for number in 1...3 {
      _ = try await fixture.makeUser("user \(number)")
      _ = try await fixture.makeGroup("group \(4 - number)")
    }
    let types = [fixture.group, fixture.role, fixture.user]
    for sortBy in [nil, AttributePath("displayName")] {
      let whole = try await fixture.directory.list(types: types, ListQuery(sortBy: sortBy))
      #expect(whole.resources.count == 6)
      for count in 1...7 {
        let query = ListQuery(sortBy: sortBy, count: count)
        #expect(try await walk(fixture, types, query) == whole.resources.map(\.id))
      }
    }
  }

  @Test(arguments: [
    "[]", "[1,2]", "[-1,2,3]", "[1,2,3,[]]", "[1,2,3,[\"n\",\"x\"]]", "{}", "[1,\"2\",3]", "[1,2,3,4,5]",
  ])
  func otherPlacesAreNoPositions(_ text: String) throws {
    #expect(ListPosition(try JSONValue(parsing: Array(text.utf8))) == nil)
  }
}
