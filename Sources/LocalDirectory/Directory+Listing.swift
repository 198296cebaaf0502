import SCIM

extension Directory {
  /// Lists resources (RFC 7644 section 3.4.2), in the order of creation unless the query sorts.
  /// - Throws: `SCIMError` 400 invalidFilter for a filter that compares what has no order, sensitive for a filter or an
  ///   order by what is never told.
  package func list(type: ResourceType, _ query: ListQuery = ListQuery()) async throws -> ListResponse {
    try await list(types: [type], query)
  }

  /// Lists resources of several types as one listing (RFC 7644 section 3.4.2.1): type by type unless the query sorts.
  /// - Throws: `SCIMError` as ``list(type:_:)``.
  package func list(types: [ResourceType], _ query: ListQuery) async throws -> ListResponse {
    try await listing(of: types, query) { listing in
      let (page, total) = try listing.page()
      return ListResponse(
        resources: try listing.resources(page), totalResults: total, startIndex: query.offset + 1,
        itemsPerPage: page.count)
    }
  }

  /// The page of a listing that follows a position, and where the page after it begins; nil when there is none.
  ///
  /// What is there during the whole walk is listed exactly once, whatever others write meanwhile, unless they change what
  /// the query sorts by. In the order of creation a page costs the same however far the walk has come.
  /// - Parameters:
  ///   - position: where an earlier page of the same query ended; nil begins the walk. The query's `startIndex` is not
  ///     read.
  /// - Throws: `SCIMError` as ``list(type:_:)``.
  package func list(
    types: [ResourceType], _ query: ListQuery, after position: ListPosition?
  ) async throws -> (list: ListResponse, next: ListPosition?) {
    try await listing(of: types, query) { listing in
      let page = try listing.page(after: position)
      let list = ListResponse(
        resources: try listing.resources(page.entries), totalResults: page.total,
        itemsPerPage: page.entries.count)
      return (list, page.next)
    }
  }

  private func listing<Value: Sendable>(
    of types: [ResourceType], _ query: ListQuery, _ body: @escaping @Sendable (Listing) throws -> Value
  ) async throws -> Value {
    let typeRules = try types.map { type throws(SCIMError) in try rules(for: type) }
    for rules in typeRules { try rules.checkTellable(query) }
    return try await reading(query, typeRules) { [rules] reader in
      let assembler = ResourceAssembler(reader, rules: rules)
      return try body(
        Listing(
          sections: try typeRules.map { try ListSection(reader, assembler, $0, $0.keepingNames(query)) }, query: query))
    }
  }

  /// Runs the closure where what it reads for a query holds up nobody.
  func reading<Value: Sendable>(
    _ query: ListQuery, _ typeRules: [ResourceRules],
    _ body: @escaping @Sendable (any DirectoryReader) throws -> Value
  ) async throws -> Value {
    query.isBrief(among: typeRules) ? try await store.read(body) : try await store.walk(body)
  }
}

extension ListQuery {
  /// The most resources of a page that is read in no time.
  private static let briefPage = 100

  /// Whether the store finds the page by its keys or its place, so that it is read in no time.
  func isBrief(among rules: [ResourceRules]) -> Bool {
    if filter != nil { return rules.allSatisfy { Narrowing(filter, $0)?.findsFew ?? false } }
    return sortBy == nil && domain == nil && limit <= Self.briefPage
  }
}
