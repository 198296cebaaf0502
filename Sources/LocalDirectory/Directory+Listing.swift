import JSON
import SCIM

extension Directory {
  /// Lists resources (RFC 7644 section 3.4.2), in the order of creation unless the query sorts.
  /// - Throws: `SCIMError` 400 invalidFilter for a filter that compares what has no order.
  package func list(type: ResourceType, _ query: ListQuery = ListQuery()) async throws -> ListResponse {
    let typeRules = try rules(for: type)
    let query = typeRules.keepingNames(query)
    return try await store.read { [rules] reader in
      let listing = Listing(
        reader: reader, assembler: ResourceAssembler(reader, rules: rules), rules: typeRules, query: query)
      let (page, total) = try listing.page()
      let resources = try page.map { try listing.assembler.resource($0, query.projection, typeRules) }
      return ListResponse(
        resources: resources, totalResults: total, startIndex: query.offset + 1, itemsPerPage: resources.count)
    }
  }
}

/// One listing within one transaction.
private struct Listing {
  let reader: any DirectoryReader
  let assembler: ResourceAssembler
  let rules: ResourceRules
  let query: ListQuery

  /// The resources of the page, and how many there are in all.
  func page() throws -> (page: [StoredResource], total: Int) {
    if let path = query.sortBy { return try sorted(by: path) }
    guard let filter = query.filter else {
      let total = try reader.count(rules.type.name)
      let limit = min(query.limit, max(total - query.offset, 0))
      return (limit == 0 ? [] : try reader.page(rules.type.name, offset: query.offset, limit: limit), total)
    }
    var total = 0
    var page: [StoredResource] = []
    try forEachMatch(of: filter) { stored, _ in
      if total >= query.offset && page.count < query.limit { page.append(stored) }
      total += 1
    }
    return (page, total)
  }

  /// Keeps only ids and sort keys of what it walks over.
  private func sorted(by path: AttributePath) throws -> (page: [StoredResource], total: Int) {
    let attribute = path.resolve(in: rules.type, catalog: rules.catalog)
    var entries: [(key: SortKey, position: Int, id: String)] = []
    try forEachMatch(of: query.filter) { stored, document in
      entries.append((SortKey(path, attribute, in: document), entries.count, stored.id))
    }
    entries.sort { a, b in
      guard a.key != b.key else { return a.position < b.position }
      return query.descending ? b.key < a.key : a.key < b.key
    }
    let slice = entries.dropFirst(query.offset).prefix(query.limit)
    return (try slice.compactMap { try reader.resource(rules.type.name, $0.id) }, entries.count)
  }

  private func forEachMatch(of filter: Filter?, _ visit: (StoredResource, JSONObject) throws -> Void) throws {
    let needed = (filter?.attributeNames ?? []).union(query.sortBy.map { [$0.attribute.lowercased()] } ?? [])
    let predicate = try filter.map { try FilterPredicate($0, type: rules.type, catalog: rules.catalog) }
    try reader.scan(rules.type.name, narrowedBy: filter) { stored in
      let document = try assembler.document(stored, rules) { needed.contains($0.lowercased()) }
      guard predicate?.matches(document) ?? true else { return }
      try visit(stored, document)
    }
  }
}

extension Filter {
  /// The names of the top-level attributes that the filter reads, in lower case.
  fileprivate var attributeNames: Set<String> {
    switch self {
    case .present(let path), .compare(let path, _, _), .valuePath(let path, _): [path.attribute.lowercased()]
    case .and(let a, let b), .or(let a, let b): a.attributeNames.union(b.attributeNames)
    case .not(let inner): inner.attributeNames
    }
  }
}
