import JSON
import OpenID
import SCIM

extension Directory {
  /// Creates a resource (RFC 7644 section 3.3). Read-only attributes are ignored.
  /// - Parameters:
  ///   - places: groups and roles that the resource goes into in the same transaction.
  ///   - identity: who a user is elsewhere, kept in the same transaction.
  ///   - author: who asks for it, for the record.
  /// - Throws: `SCIMError` 400 for attributes that the schema refuses, 409 when something unique is taken, 404 for a place
  ///   that does not exist.
  package func create(
    type: ResourceType, attributes: JSONObject, into places: [Placement] = [],
    with identity: FederatedIdentity? = nil, by author: Author, projection: Projection = .standard
  ) async throws -> Resource {
    let typeRules = try rules(for: type)
    try ResourceLimits.checkTexts(attributes)
    let draft = try Draft(attributes, rules: typeRules)
    let password = try await hashed(draft.password)
    let id = newID()
    return try await write(by: author, typeRules, projection, draft.password) { writer in
      let stored = try writer.create(id, draft, password: password)
      try writer.place(id, into: places)
      if let identity { try writer.transaction.give(identity, to: id) }
      return stored
    }
  }

  /// Replaces a resource (RFC 7644 section 3.5.1). What is write-only and not given stays as it is.
  /// - Parameters:
  ///   - ifMatch: the entity tags that the caller knows, as in the header; nil writes in any case.
  ///   - ifNoneMatch: the entity tags of which the resource must have none, as in the header.
  /// - Throws: `SCIMError` 404, 412 for another version, and as ``create(type:attributes:by:projection:)``.
  package func replace(
    type: ResourceType, id: String, attributes: JSONObject, ifMatch: String? = nil, ifNoneMatch: String? = nil,
    by author: Author, projection: Projection = .standard
  ) async throws -> Resource {
    let typeRules = try rules(for: type)
    try ResourceLimits.checkTexts(attributes)
    let draft = try Draft(attributes, rules: typeRules)
    let password = try await hashed(draft.password)
    return try await write(by: author, typeRules, projection, draft.password) { writer in
      let stored = try writer.existing(id, ifMatch: ifMatch, unless: ifNoneMatch)
      return try writer.replace(stored, with: draft, password: password)
    }
  }

  /// Changes parts of a resource (RFC 7644 section 3.5.2). Adding and removing single members costs the same in a group
  /// of any size, unless the projection asks for its members.
  /// - Parameter unknownMembers: what becomes of members to be added that do not exist.
  /// - Throws: `SCIMError` as ``replace(type:id:attributes:ifMatch:ifNoneMatch:by:projection:)``.
  package func patch(
    type: ResourceType, id: String, operations: [PatchOperation], ifMatch: String? = nil, ifNoneMatch: String? = nil,
    unknownMembers: UnknownMembers = .refused, by author: Author, projection: Projection = .standard
  ) async throws -> Resource {
    let typeRules = try rules(for: type)
    try ResourceLimits.checkTexts(operations)
    let (operations, newPassword) = try PasswordChange.split(operations.map(typeRules.keepingNames), rules: typeRules)
    let password = try await hashed(newPassword)
    return try await write(by: author, typeRules, projection, newPassword) { writer in
      let stored = try writer.existing(id, ifMatch: ifMatch, unless: ifNoneMatch)
      return try writer.patch(stored, with: operations, password: password, unknownMembers)
    }
  }

  /// Deletes a resource; it leaves its groups and roles.
  /// - Throws: `SCIMError` 404 or 412.
  package func delete(
    type: ResourceType, id: String, ifMatch: String? = nil, ifNoneMatch: String? = nil, by author: Author
  ) async throws {
    let typeRules = try rules(for: type)
    let time = Timestamp.truncated(now())
    try await store.write { [rules] transaction in
      let writer = ResourceWriter(transaction, rules: rules, of: typeRules, time: time, author: author)
      try writer.delete(try writer.existing(id, ifMatch: ifMatch, unless: ifNoneMatch))
    }
    try await observer?.committed(CommittedWrite(type: type.name, id: id, author: author))
  }

  /// Sets the password of a user.
  /// - Throws: `SCIMError` 404, or 400 for an empty password.
  package func setPassword(_ password: String, of id: String, by author: Author) async throws {
    guard let users = catalog.resourceType("User") else {
      throw SCIMError(status: 404, nil, "This directory holds no users.")
    }
    let operation = PatchOperation(.replace, AttributePath("password"), value: .string(password))
    _ = try await patch(type: users, id: id, operations: [operation], by: author, projection: .identity)
  }

  /// Runs the closure in one transaction of the store and returns the resource as it is then. A secret that turns out
  /// to need a hash is hashed between two attempts.
  /// - Parameter password: in plain, to hold it against what the user is called then.
  private func write(
    by author: Author, _ typeRules: ResourceRules, _ projection: Projection, _ password: PasswordChange,
    _ body: @escaping @Sendable (ResourceWriter) throws -> StoredResource
  ) async throws -> Resource {
    let time = Timestamp.truncated(now())
    var hashes: [String: String] = [:]
    while true {
      do {
        let resource = try await store.write { [rules, passwordPolicy, secretBox, hashes] transaction in
          var writer = ResourceWriter(
            transaction, rules: rules, of: typeRules, time: time, author: author, secretHashes: hashes)
          writer.secretBox = secretBox
          let stored = try body(writer)
          if case .set(let password) = password {
            try passwordPolicy.check(password, of: stored.attributes["userName"]?.string)
            try writer.keepForConnectors(password, of: stored.id)
          }
          return try ResourceAssembler(transaction, rules: rules).resource(stored, projection, typeRules)
        }
        try await observer?.committed(
          CommittedWrite(type: typeRules.type.name, id: resource.id, author: author))
        return resource
      } catch let unhashed as UnhashedSecret {
        hashes[unhashed.secret] = try await hash(of: unhashed)
      }
    }
  }

  /// The hash that stands there already when the secret is the same, so that writing it again changes nothing.
  private func hash(of unhashed: UnhashedSecret) async throws -> String {
    if let current = unhashed.current, await passwordHasher.verify(unhashed.secret, against: current) { return current }
    return try await passwordHasher.hash(unhashed.secret)
  }

  /// The change with the hash in place of the password: made before the transaction, for it takes tens of milliseconds.
  /// - Throws: `SCIMError` 400 when the policy refuses the password.
  private func hashed(_ change: PasswordChange) async throws -> PasswordChange {
    guard case .set(let password) = change else { return change }
    try passwordPolicy.check(password)
    return .set(try await passwordHasher.hash(OpaqueString.enforced(password)))
  }
}
