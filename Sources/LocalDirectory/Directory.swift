import Foundation
import JSON
import SCIM

/// The embedded directory: the rules over a store. Whatever provisions (SCIM, SOAP, login, manifests) writes through
/// here.
///
/// Methods throw `SCIMError` where the caller errs and the store's own error when the store is broken. References in
/// resources (`meta.location`, `$ref`) are relative to the base address of the service: `/Users/4711`.
package struct Directory: Sendable {
  /// The resource types and schemas that the directory holds.
  package let catalog: SchemaCatalog
  let store: any DirectoryStore
  let passwordHasher: any PasswordHasher
  private(set) var passwordPolicy: PasswordPolicy
  let now: @Sendable () -> Date
  let newID: @Sendable () -> String
  let rules: [String: ResourceRules]
  var secretBox: SecretBox?
  var observer: (any CommitObserver)?

  package init(
    store: any DirectoryStore, catalog: SchemaCatalog, passwordHasher: any PasswordHasher,
    passwordPolicy: PasswordPolicy = .anything,
    now: @escaping @Sendable () -> Date, newID: @escaping @Sendable () -> String
  ) {
    self.store = store
    self.catalog = catalog
    self.passwordHasher = passwordHasher
    self.passwordPolicy = passwordPolicy
    self.now = now
    self.newID = newID
    rules = ResourceRules.all(of: catalog)
  }

  /// The same directory with another policy for the passwords that are set through it.
  package func with(_ policy: PasswordPolicy) -> Directory {
    var directory = self
    directory.passwordPolicy = policy
    return directory
  }

  /// - Throws: `SCIMError` 404 when there is no such resource.
  package func resource(type: ResourceType, id: String, projection: Projection = .standard) async throws -> Resource {
    let typeRules = try rules(for: type)
    return try await store.read { [rules] reader in
      let stored = try reader.existing(type, id)
      return try ResourceAssembler(reader, rules: rules).resource(stored, projection, typeRules)
    }
  }

  /// The user with this name, `PRIMARY/` before it or not, and password; nil when there is none, the password is wrong,
  /// or the user is not active. All of these take the same time.
  package func authenticate(userName: String, password: String) async throws -> Resource? {
    guard let users = catalog.resourceType("User") else { return nil }
    let account = AccountName.mayExist(userName) ? try await account(named: userName, users) : nil
    let isActive = account?.user.attributes["active"]?.bool != false
    guard try await verify(password, against: isActive ? account?.hash : nil), let user = account?.user else {
      return nil
    }
    return try await resource(type: users, id: user.id)
  }

  private func account(
    named userName: String, _ users: ResourceType
  ) async throws -> (user: StoredResource, hash: String?)? {
    let name = UserStoreDomain.kept(userName)
    return try await store.read { reader in
      try reader.resources(with: LookupKey(attribute: "userName", value: name), of: users.name)
        .first { AccountName.areSame($0.attributes["userName"]?.string ?? "", name) }
        .map { (user: $0, hash: try reader.passwordHash(of: $0.id)) }
    }
  }

  /// The events after a sequence number, oldest first: what a connector has yet to deliver.
  package func events(after sequence: Int, limit: Int) async throws -> [DirectoryEvent] {
    try await store.read { try $0.events(after: sequence, limit: limit) }
  }

  /// The groups and roles that list these resources themselves.
  package func containers(of ids: [String]) async throws -> Set<ResourceSummary> {
    try await store.read { Set(try $0.containers(of: ids).values.joined()) }
  }

  /// Type and label of the resources with these ids; ids that nobody has are left out.
  package func summaries(of ids: [String]) async throws -> [ResourceSummary] {
    try await store.read { try $0.summaries(of: ids) }
  }

  /// The sequence number of the last event; 0 when there is none.
  package func lastEvent() async throws -> Int { try await store.read { try $0.lastEvent() } }

  /// The events with the resources before and after them.
  /// - Parameter events: oldest first, and none left out between two of the same resource.
  package func changes(_ events: [DirectoryEvent]) async throws -> [DirectoryChange] {
    try await store.read { [catalog] in try ResourceHistory($0, catalog: catalog).changes(events) }
  }

  /// - Throws: `SCIMError` 404 for a type that the catalog does not hold.
  func rules(for type: ResourceType) throws(SCIMError) -> ResourceRules {
    guard let known = rules[type.name] else {
      throw SCIMError(status: 404, nil, "This directory holds no resources of type \(type.name).")
    }
    return known
  }
}

extension DirectoryReader {
  /// - Throws: `SCIMError` 404 when there is no such resource.
  func existing(_ type: ResourceType, _ id: String) throws -> StoredResource {
    guard let stored = try resource(type.name, id) else {
      throw SCIMError(status: 404, nil, "There is no \(type.name) with the id \(id).")
    }
    return stored
  }
}
