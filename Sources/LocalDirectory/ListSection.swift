import JSON
import SCIM

/// The resources of one type in a listing, within one transaction.
struct ListSection {
  /// A resource that the listing holds, with its place in the order of creation.
  typealias Match = (position: Int, stored: StoredResource, document: JSONObject)

  /// How many resources are read at once when their positions matter.
  private static let batch = 256

  let rules: ResourceRules
  let reader: any DirectoryReader
  private let assembler: ResourceAssembler
  private let query: ListQuery
  private let predicate: FilterPredicate?
  private let narrowing: Narrowing?
  private let needed: Set<String>
  /// Whether the filter asks for other types only.
  private let isExcluded: Bool

  /// - Throws: `SCIMError` 400 invalidFilter.
  init(_ reader: any DirectoryReader, _ assembler: ResourceAssembler, _ rules: ResourceRules, _ query: ListQuery) throws
  {
    self.reader = reader
    self.assembler = assembler
    self.rules = rules
    self.query = query
    predicate = try query.filter.map { try FilterPredicate($0, type: rules.type, catalog: rules.catalog) }
    narrowing = Narrowing(query.filter, rules)
    needed = (query.filter?.attributeNames ?? []).union(query.sortBy.map { [$0.attribute.lowercased()] } ?? [])
    isExcluded = query.filter?.excludes(rules.type) ?? false
  }

  private var type: String { rules.type.name }

  var isFiltered: Bool { predicate != nil }
  /// Whether the store finds candidates without looking at all resources of the type.
  var isNarrowed: Bool { isExcluded || narrowing != nil }

  /// All resources of the type, when no filter chooses among them.
  func count() throws -> Int { try reader.count(type) }

  func page(offset: Int, limit: Int) throws -> [StoredResource] {
    limit == 0 ? [] : try reader.page(type, offset: offset, limit: limit)
  }

  /// Visits what the filter lets through, in the order of creation.
  func forEachMatch(_ visit: (StoredResource, JSONObject) throws -> Void) throws {
    guard !isExcluded else { return }
    try reader.scan(type, narrowedBy: narrowing) { stored in
      let document = try document(stored)
      if matches(document) { try visit(stored, document) }
    }
  }

  /// Visits what the filter lets through and what stands behind a position, until the visitor has enough.
  func forEachMatch(after start: Int, _ visit: (Match) throws -> Bool) throws {
    guard !isExcluded else { return }
    var position = start
    while true {
      let batch = try reader.page(type, after: position, limit: Self.batch)
      for (place, stored) in batch {
        let document = try document(stored)
        guard matches(document) else { continue }
        guard try visit((place, stored, document)) else { return }
      }
      guard let last = batch.last, batch.count == Self.batch else { return }
      position = last.position
    }
  }

  /// What the filter lets through, as text; nil where the store does not find it by an index, or has no text of it.
  func matchingTexts() throws -> [StoredText]? {
    guard !isExcluded else { return [] }
    guard let narrowing, let candidates = try reader.texts(type, narrowedBy: narrowing) else { return nil }
    return try candidates.filter { matches(try document(try $0.parsed())) }
  }

  /// A page of all resources of the type as text; nil where the store has no text of them.
  func texts(offset: Int, limit: Int) throws -> [StoredText]? {
    limit == 0 ? [] : try reader.texts(type, offset: offset, limit: limit)
  }

  func sortKey(_ path: AttributePath, in document: JSONObject) -> SortKey {
    SortKey(path, path.resolve(in: rules.type, catalog: rules.catalog), in: document)
  }

  func resources(_ page: [StoredResource]) throws -> [Resource] {
    try assembler.resources(page, query.projection, rules)
  }

  func stored(_ id: String) throws -> StoredResource? { try reader.resource(type, id) }

  private func matches(_ document: JSONObject) -> Bool { predicate?.matches(document) ?? true }

  private func document(_ stored: StoredResource) throws -> JSONObject {
    try assembler.document(stored, rules) { needed.contains($0.lowercased()) }
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

  /// Whether the filter asks for resources of other types only: `meta.resourceType eq "User"`.
  fileprivate func excludes(_ type: ResourceType) -> Bool {
    switch self {
    case .compare(let path, .equal, .string(let name)):
      path.schema == nil && path.valueFilter == nil && path.attribute.lowercased() == "meta"
        && path.subAttribute?.lowercased() == "resourcetype" && name != type.name
    case .and(let a, let b): a.excludes(type) || b.excludes(type)
    case .or(let a, let b): a.excludes(type) && b.excludes(type)
    case .compare, .present, .valuePath, .not: false
    }
  }
}
