import SCIM

extension Directory {
  /// The same directory with the schemas that its store keeps, and with these, which count before kept ones with the
  /// same URN. Nothing is written.
  package func extended(by schemas: [SchemaExtension] = []) async throws -> Directory {
    let kept = try await keptSchemas()
    var directory = Directory(
      store: store, catalog: catalog.extended(by: schemas + kept), passwordHasher: passwordHasher,
      passwordPolicy: passwordPolicy, now: now, newID: newID)
    directory.secretBox = secretBox
    directory.observer = observer
    return directory
  }

  /// The schema extensions that the store keeps, by their URN.
  package func keptSchemas() async throws -> [SchemaExtension] {
    try await store.read { try $0.keptSchemas().map(\.schema) }.sorted { $0.id < $1.id }
  }

  /// Keeps schemas, each in the place of the one with its URN. What is stored stays as it is; new writes must fit.
  /// - Throws: `SCIMError` 409 for a schema that would leave the resource type whose resources use it.
  package func keep(_ schemas: [SchemaExtension], by author: Author) async throws {
    guard !schemas.isEmpty else { return }
    let time = Timestamp.truncated(now())
    try await store.write { transaction in
      let keeper = SchemaKeeper(transaction: transaction, time: time, author: author)
      let kept = try transaction.keptSchemas()
      for schema in schemas { try keeper.keep(schema, inPlaceOf: kept.first { $0.isNamed(schema.id) }) }
    }
  }

  /// Forgets the kept schemas that are not among these, unless resources use them.
  /// - Returns: the URNs of those that stay.
  package func forgetSchemas(except schemas: [SchemaExtension], by author: Author) async throws -> [String] {
    let time = Timestamp.truncated(now())
    return try await store.write { transaction in
      let keeper = SchemaKeeper(transaction: transaction, time: time, author: author)
      let others = try transaction.keptSchemas().filter { kept in !schemas.contains { kept.isNamed($0.id) } }
      return try others.filter { try !keeper.forget($0) }.map(\.schema.id)
    }
  }
}
