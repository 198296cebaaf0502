import SCIM

/// One listing within one transaction: the sections of its types, one behind the other.
struct Listing {
  /// A resource on a page, with the section that it comes from.
  typealias Entry = (section: Int, stored: StoredResource)

  let sections: [ListSection]
  var query: ListQuery

  /// The resources of the page that the query's index and count ask for, and how many there are in all.
  func page() throws -> (page: [Entry], total: Int) {
    if let path = query.sortBy { return try sorted(by: path) }
    var rest = query.offset
    var total = 0
    var page: [Entry] = []
    for (index, section) in sections.enumerated() {
      let limit = query.limit - page.count
      let (found, count) =
        section.isFiltered
        ? try filtered(section, offset: rest, limit: limit) : try unfiltered(section, offset: rest, limit: limit)
      page += found.map { (index, $0) }
      total += count
      rest = max(rest - count, 0)
    }
    return (page, total)
  }

  /// The resources of a page, which come section by section unless the query sorts.
  func resources(_ page: [Entry]) throws -> [Resource] {
    var resources: [Resource] = []
    var rest = page[...]
    while let section = rest.first?.section {
      let run = rest.prefix { $0.section == section }
      resources += try sections[section].resources(run.map(\.stored))
      rest = rest.dropFirst(run.count)
    }
    return resources
  }

  private func unfiltered(
    _ section: ListSection, offset: Int, limit: Int
  ) throws -> (page: [StoredResource], count: Int) {
    let count = try section.count()
    return (try section.page(offset: offset, limit: min(limit, max(count - offset, 0))), count)
  }

  private func filtered(
    _ section: ListSection, offset: Int, limit: Int
  ) throws -> (page: [StoredResource], count: Int) {
    var count = 0
    var page: [StoredResource] = []
    try section.forEachMatch { stored, _ in
      if count >= offset && page.count < limit { page.append(stored) }
      count += 1
    }
    return (page, count)
  }

  /// Keeps only ids and sort keys of what it walks over.
  private func sorted(by path: AttributePath) throws -> (page: [Entry], total: Int) {
    var ids: [(section: Int, id: String)] = []
    var keys: [SortKey] = []
    for (index, section) in sections.enumerated() {
      try section.forEachMatch { stored, document in
        keys.append(section.sortKey(path, in: document))
        ids.append((index, stored.id))
      }
    }
    let order = ids.indices.sorted { a, b in
      guard keys[a] != keys[b] else { return a < b }
      return query.descending ? keys[b] < keys[a] : keys[a] < keys[b]
    }
    let page = try order.dropFirst(query.offset).prefix(query.limit).compactMap { place -> Entry? in
      let (section, id) = ids[place]
      return try sections[section].stored(id).map { (section, $0) }
    }
    return (page, ids.count)
  }
}
