import SCIM

extension Listing {
  typealias CursorPage = (entries: [Entry], total: Int, next: ListPosition?)

  /// The page behind a position; the first when it is nil.
  func page(after position: ListPosition?) throws -> CursorPage {
    guard query.limit > 0 else { return ([], try position?.total ?? count(), nil) }
    if position == nil, let page = try narrowedPage() { return page }
    if let path = query.sortBy { return try sortedPage(by: path, after: position) }
    let total = try position?.total ?? count()
    let start = position ?? ListPosition(section: 0, position: 0, total: total)
    var entries: [Entry] = []
    var last = start
    var hasMore = false
    for (index, section) in sections.enumerated().dropFirst(start.section) where !hasMore {
      try section.forEachMatch(after: index == start.section ? start.position : 0) { match in
        hasMore = entries.count == query.limit
        guard !hasMore else { return false }
        entries.append((index, match.stored))
        last = ListPosition(section: index, position: match.position, total: total)
        return true
      }
    }
    return (entries, total, hasMore ? last : nil)
  }

  private func count() throws -> Int {
    try sections.reduce(0) { sum, section in
      guard section.isFiltered else { return sum + (try section.count()) }
      var count = 0
      try section.forEachMatch { _, _ in count += 1 }
      return sum + count
    }
  }

  /// The whole listing when an index finds it and it fits on one page, as the look-up of a name does; else nil.
  private func narrowedPage() throws -> CursorPage? {
    guard sections.allSatisfy(\.isNarrowed) else { return nil }
    var whole = self
    whole.query.startIndex = 1
    let (page, total) = try whole.page()
    return total > query.limit ? nil : (page, total, nil)
  }

  /// Sorts anew for every page, but keeps only places and sort keys of what stands behind the position.
  private func sortedPage(by path: AttributePath, after position: ListPosition?) throws -> CursorPage {
    var total = 0
    var behind: [(place: ListPosition, id: String)] = []
    for (index, section) in sections.enumerated() {
      try section.forEachMatch(after: 0) { match in
        total += 1
        let key = section.sortKey(path, in: match.document)
        let place = ListPosition(section: index, position: match.position, key: key, total: 0)
        if position.map({ comesBefore($0, place) }) ?? true { behind.append((place, match.stored.id)) }
        return true
      }
    }
    behind.sort { comesBefore($0.place, $1.place) }
    let page = behind.prefix(query.limit)
    let entries = try page.compactMap { entry -> Entry? in
      try sections[entry.place.section].stored(entry.id).map { (entry.place.section, $0) }
    }
    total = position?.total ?? total
    guard behind.count > page.count, var last = page.last?.place else { return (entries, total, nil) }
    last.total = total
    return (entries, total, last)
  }

  /// By sort key, and among equals in the order of the sections and of creation.
  private func comesBefore(_ a: ListPosition, _ b: ListPosition) -> Bool {
    let (first, second) = (a.key ?? .missing, b.key ?? .missing)
    guard first == second else { return query.descending ? second < first : first < second }
    return (a.section, a.position) < (b.section, b.position)
  }
}
