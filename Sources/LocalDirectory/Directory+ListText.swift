import JSON
import SCIM

extension Directory {
  /// A listing as the JSON text of a `ListResponse`; nil for a query that asks for parts of resources, sorts them, or may have
  /// to look at many, which is for ``list(types:_:)`` to answer.
  /// - Throws: `SCIMError` as ``list(types:_:)``.
  package func text(types: [ResourceType], _ query: ListQuery, as form: ResourceForm) async throws -> [UInt8]? {
    guard form.isPlain, query.sortBy == nil, query.domain == nil, query.projection == .standard else { return nil }
    let typeRules = try types.map { type throws(SCIMError) in try rules(for: type) }
    for rules in typeRules { try rules.checkTellable(query) }
    guard query.filter == nil || query.isBrief(among: typeRules) else { return nil }
    return try await reading(query, typeRules) { [rules] reader in
      let assembler = ResourceAssembler(reader, rules: rules, base: form.base)
      var rest = query.offset
      var total = 0
      var page: [[UInt8]] = []
      for rules in typeRules {
        let section = try ListSection(reader, assembler, rules, rules.keepingNames(query))
        guard let (texts, count) = try Self.texts(section, offset: rest, limit: query.limit - page.count) else {
          return nil
        }
        page += try assembler.texts(texts, rules, as: form)
        total += count
        rest = max(rest - count, 0)
      }
      return Self.list(page, total: total, startIndex: query.offset + 1)
    }
  }

  /// The part of a page that comes from one type, and how many of that type the query finds.
  private static func texts(
    _ section: ListSection, offset: Int, limit: Int
  ) throws -> (page: [StoredText], count: Int)? {
    if section.isFiltered {
      return try section.matchingTexts().map { (Array($0.dropFirst(offset).prefix(limit)), $0.count) }
    }
    let count = try section.count()
    return try section.texts(offset: offset, limit: min(limit, max(count - offset, 0))).map { ($0, count) }
  }

  private static func list(_ page: [[UInt8]], total: Int, startIndex: Int) -> [UInt8] {
    let list = ListResponse(resources: [], totalResults: total, startIndex: startIndex, itemsPerPage: page.count)
    var writer = JSONObjectWriter(capacity: page.reduce(256) { $0 + $1.count + 1 })
    for member in list.json where member.key != "Resources" { writer.append(member.key, member.value) }
    writer.append("Resources", list: page)
    return writer.finished()
  }
}
