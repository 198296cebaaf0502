import JSON
import LocalDirectory

extension SQLTransaction {
  /// How many resources are read at once, so that a scan takes the same memory whatever it walks over.
  private static var batch: Int { 500 }

  /// In steps, so that no statement is under way when the visitor runs its own.
  func scan(_ type: String, narrowedBy narrowing: Narrowing?, _ visit: (StoredResource) throws -> Void) throws {
    guard let narrowing else { return try scanAll(type, visit) }
    try scan(type, try sequences(narrowing, type), visit)
  }

  func texts(_ type: String, narrowedBy narrowing: Narrowing) throws -> [StoredText]? {
    let sequences = try sequences(narrowing, type).sorted()
    guard sequences.count <= Self.batch else { return nil }
    let texts = try rows(sequences[...], text)
    return texts.contains { $0 == nil } ? nil : texts.compactMap(\.self).filter { $0.head.type == type }
  }

  /// Those that share the part of the key which the index holds may differ behind it.
  func resources(with key: LookupKey, of type: String) throws -> [StoredResource] {
    var found: [StoredResource] = []
    try scan(type, try sequences(.key(key), type)) { resource in
      if LookupKey.keys(of: resource).contains(key) { found.append(resource) }
    }
    return found
  }

  private func scanAll(_ type: String, _ visit: (StoredResource) throws -> Void) throws {
    var position = 0
    while true {
      let batch = try page(type, after: position, limit: Self.batch)
      for entry in batch { try visit(entry.resource) }
      guard let last = batch.last, batch.count == Self.batch else { return }
      position = last.position
    }
  }

  private func scan(_ type: String, _ sequences: Set<Int>, _ visit: (StoredResource) throws -> Void) throws {
    var rest = sequences.sorted()[...]
    while !rest.isEmpty {
      for resource in try rows(rest.prefix(Self.batch), resource) where resource.type == type { try visit(resource) }
      rest = rest.dropFirst(Self.batch)
    }
  }

  /// What stands in the rows of these sequence numbers; of one, as a look-up of a name finds, by the shortest way.
  private func rows<Element>(_ sequences: ArraySlice<Int>, _ read: (Connection.Row) throws -> Element) throws
    -> [Element]
  {
    if let only = sequences.first, sequences.count == 1 {
      return try connection.rows("SELECT \(Self.columns) FROM resource WHERE sequence = $1", [only], read)
    }
    let sql = """
      SELECT \(Self.columns) FROM resource
      WHERE sequence IN (SELECT CAST(value AS bigint) FROM \(Connection.elements(of: "$1"))) ORDER BY sequence
      """
    let numbers = JSONValue.array(sequences.map { .number(JSONNumber($0)) })
    return try connection.rows(sql, [numbers.text], read)
  }

  private func sequences(_ narrowing: Narrowing, _ type: String) throws -> Set<Int> {
    try sequences(narrowing, type, atMost: .max - 1) ?? []
  }

  /// The sequence numbers of what a narrowing finds; nil when there are more than the limit.
  private func sequences(_ narrowing: Narrowing, _ type: String, atMost limit: Int) throws -> Set<Int>? {
    let found: Set<Int>
    switch narrowing {
    case .both(let a, let b): return try narrower(a, b, type, atMost: limit)
    case .either(let a, let b):
      guard let a = try sequences(a, type, atMost: limit), let b = try sequences(b, type, atMost: limit) else {
        return nil
      }
      found = a.union(b)
    default:
      let (sql, parameters) = Self.statement(narrowing, type)
      let limited = "\(sql) LIMIT $\(parameters.count + 1)"
      found = Set(try connection.rows(limited, parameters + [limit + 1]) { $0.integer(0) })
    }
    return found.count <= limit ? found : nil
  }

  /// What the side finds that finds less, without walking over all of the other: both are asked for more and more until
  /// one has no more.
  private func narrower(_ a: Narrowing, _ b: Narrowing, _ type: String, atMost limit: Int) throws -> Set<Int>? {
    var step = min(64, limit)
    while true {
      for side in [a, b] {
        if let found = try sequences(side, type, atMost: step) { return found }
      }
      guard step < limit else { return nil }
      step = min(step * 8, limit)
    }
  }

  /// The query of the sequence numbers that one index finds; those of other types may be among them.
  private static func statement(
    _ narrowing: Narrowing, _ type: String
  ) -> (sql: String, parameters: [any SQLParameter]) {
    switch narrowing {
    case .id(let id): ("SELECT sequence FROM resource WHERE id = $1", [id])
    case .key(let key):
      (
        "SELECT resource FROM lookup WHERE attribute = \(attributeNumber("$1", "$2")) AND value = $3",
        [type, key.attribute, key.indexValue]
      )
    case .keys(let attribute, let start, nil):
      (
        "SELECT resource FROM lookup WHERE attribute = \(attributeNumber("$1", "$2")) AND value >= $3",
        [type, attribute, start]
      )
    case .keys(let attribute, let start, let end?):
      (
        "SELECT resource FROM lookup WHERE attribute = \(attributeNumber("$1", "$2")) AND value >= $3 AND value < $4",
        [type, attribute, start, end]
      )
    case .containers(let member):
      ("SELECT container FROM membership WHERE member = (SELECT sequence FROM resource WHERE id = $1)", [member])
    case .members(let container): (membersBelow, [container])
    case .times(.created, let range): (createdWithin, [type, range.lowerBound, range.upperBound])
    case .times(.modified, let range): (modifiedWithin, [type, range.lowerBound, range.upperBound])
    case .either, .both: preconditionFailure("only the leaves of a narrowing have a statement")
    }
  }

  private static var createdWithin: String {
    "SELECT sequence FROM resource WHERE type = $1 AND created BETWEEN $2 AND $3"
  }

  /// The index of the times of the last change leaves out what was never changed since it was created.
  private static var modifiedWithin: String {
    """
    SELECT sequence FROM resource WHERE type = $1 AND modified BETWEEN $2 AND $3 AND modified <> created
    UNION ALL \(createdWithin) AND modified = created
    """
  }

  private static var membersBelow: String {
    """
    WITH RECURSIVE below (resource) AS (
      SELECT member FROM membership WHERE container = (SELECT sequence FROM resource WHERE id = $1)
      UNION SELECT m.member FROM below b CROSS JOIN membership m WHERE m.container = b.resource
    ) SELECT resource FROM below
    """
  }
}
