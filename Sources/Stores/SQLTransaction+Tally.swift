import LocalDirectory

/// Totals and offsets at a cost that does not grow with the directory: the table `tally` holds how many resources of a
/// type there are in each span of sequence numbers.
extension SQLTransaction {
  /// Sequence numbers of one span: with 100,000 resources there are 200 spans to add up and at most 500 steps within
  /// one to take.
  static var span: Int { 500 }

  func count(_ type: String) throws -> Int {
    let sql = "SELECT CAST(coalesce(sum(resources), 0) AS bigint) FROM tally WHERE type = $1"
    return try connection.rows(sql, [type]) { $0.integer(0) }.first ?? 0
  }

  /// The position before that of the resource at an offset; nil when there are not so many.
  func position(before offset: Int, in type: String) throws -> Int? {
    guard offset > 0 else { return 0 }
    var rest = offset
    let spans = try connection.rows("SELECT span, resources FROM tally WHERE type = $1 ORDER BY span", [type]) {
      (span: $0.integer(0), resources: $0.integer(1))
    }
    let place = spans.first { entry in
      guard rest >= entry.resources else { return true }
      rest -= entry.resources
      return false
    }
    guard let place else { return nil }
    let sql = "SELECT sequence FROM resource WHERE type = $1 AND sequence >= $2 ORDER BY sequence LIMIT 1 OFFSET $3"
    return try connection.rows(sql, [type, place.span * Self.span, rest]) { $0.integer(0) - 1 }.first
  }

  func tallyInsert(_ type: String, sequence: Int) throws {
    let sql = """
      INSERT INTO tally (type, span, resources) VALUES ($1, $2, 1)
      ON CONFLICT (type, span) DO UPDATE SET resources = tally.resources + 1
      """
    try connection.execute(sql, [type, sequence / Self.span])
  }

  func tallyDelete(_ type: String, sequence: Int) throws {
    let place: [any SQLParameter] = [type, sequence / Self.span]
    try connection.execute("UPDATE tally SET resources = resources - 1 WHERE type = $1 AND span = $2", place)
    try connection.execute("DELETE FROM tally WHERE type = $1 AND span = $2 AND resources = 0", place)
  }
}
