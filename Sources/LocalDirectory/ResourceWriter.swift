import Foundation
import JSON
import SCIM

/// The writes of one transaction: rules, store and event together, so that none of them can be left out.
struct ResourceWriter {
  let transaction: any DirectoryTransaction
  /// Of the type that is written.
  let rules: ResourceRules
  /// The hashes of secrets, by the secret.
  let secretHashes: [String: String]
  /// Seals the secrets that must be readable again; nil keeps them as they are.
  var secretBox: SecretBox?
  private let allRules: [String: ResourceRules]
  private let time: Date
  private let author: Author

  init(
    _ transaction: any DirectoryTransaction, rules allRules: [String: ResourceRules], of rules: ResourceRules,
    time: Date, author: Author, secretHashes: [String: String] = [:]
  ) {
    self.transaction = transaction
    self.secretHashes = secretHashes
    self.allRules = allRules
    self.rules = rules
    self.time = time
    self.author = author
  }

  /// A writer of another type within the same transaction; nil when the directory does not hold the type.
  func writer(of type: String) -> ResourceWriter? {
    allRules[type].map { rules in
      var writer = ResourceWriter(transaction, rules: allRules, of: rules, time: time, author: author)
      writer.secretBox = secretBox
      return writer
    }
  }

  /// - Throws: `SCIMError` 404 when there is no such resource, 412 when it has another version than the caller knows.
  func existing(_ id: String, ifMatch: String?, unless ifNoneMatch: String? = nil) throws -> StoredResource {
    var stored = try transaction.existing(rules.type, id)
    // Early releases kept what follows from the other attributes.
    stored.attributes["schemas"] = nil
    guard EntityTag.allows(ifMatch, unless: ifNoneMatch, version: stored.version) else {
      throw SCIMError(
        status: 412, nil,
        "The \(stored.type) is not as the request expects it; its version is \(EntityTag.text(stored.version)).")
    }
    return stored
  }

  func create(_ id: String, _ draft: Draft, password: PasswordChange) throws -> StoredResource {
    let stored = StoredResource(
      type: rules.type.name, id: id, attributes: try protectingSecrets(in: draft.attributes, of: id, before: nil),
      version: 1, created: time, lastModified: time)
    try check(stored, before: [:])
    try transaction.insert(stored)
    let change = try setMembers(draft.members, of: id)
    try set(password, of: id)
    try record(.create, stored, .created, change, password)
    return stored
  }

  /// - Parameter isPatched: whether the draft is what was there and has been changed, not what a caller tells of it.
  func replace(
    _ stored: StoredResource, with draft: Draft, password: PasswordChange, isPatched: Bool = false
  ) throws -> StoredResource {
    let attributes = try rules.successor(of: stored.attributes, draft.attributes, isPatched: isPatched)
    let change = try setMembers(draft.members, of: stored.id)
    return try update(stored, attributes, change, password)
  }

  func patch(
    _ stored: StoredResource, with operations: [PatchOperation], password: PasswordChange,
    _ unknownMembers: UnknownMembers = .refused
  ) throws -> StoredResource {
    let patcher = ResourcePatcher(type: rules.type, catalog: rules.catalog, maxValues: ResourceLimits.values)
    guard let split = try MembershipPatch(operations, rules: rules) else {
      try ResourceLimits.checkCount(operations)
      let whole = try ResourceAssembler(transaction, rules: allRules)
        .document(stored, rules) { rules.memberKinds[$0] != nil }
      let draft = try Draft(try patcher.applying(operations, to: whole), rules: rules)
      return try replace(stored, with: draft, password: password, isPatched: true)
    }
    var attributes = stored.attributes
    if !split.rest.isEmpty {
      try ResourceLimits.checkCount(split.rest)
      let draft = try Draft(try patcher.applying(split.rest, to: stored.attributes), rules: rules)
      attributes = try rules.successor(of: stored.attributes, draft.attributes, isPatched: true)
    }
    let change = try apply(split.steps, to: stored.id, unknownMembers)
    return try update(stored, attributes, change, password)
  }

  func delete(_ stored: StoredResource) throws {
    let left = try rules.memberAttributes.flatMap { attribute in
      try transaction.members(of: stored.id, in: attribute)
        .map { Membership(container: stored.id, attribute: attribute, member: $0.id) }
    }
    try leaveContainers(stored)
    try transaction.delete(stored.id)
    if rules.hasPassword { try transaction.endAccess(of: stored.id) }
    let last = rules.withoutSecrets(stored.attributes)
    try record(.delete, stored, .deleted(last), MembershipChange(removed: left), .keep)
  }

  /// Writes what has changed; nothing when nothing has, so that the version and the time of the last change stay.
  private func update(
    _ stored: StoredResource, _ attributes: JSONObject, _ change: MembershipChange, _ password: PasswordChange
  ) throws -> StoredResource {
    let attributes = try protectingSecrets(in: attributes, of: stored.id, before: stored.attributes)
    guard attributes != stored.attributes || !change.isEmpty || password != .keep else { return stored }
    var updated = stored
    updated.attributes = attributes
    updated.version += 1
    updated.lastModified = time
    try check(updated, before: stored.attributes)
    try transaction.update(updated)
    try set(password, of: stored.id)
    try endAccess(of: updated, before: stored.attributes, password)
    let attributeRecord = AttributeRecord.updated(
      from: rules.withoutSecrets(stored.attributes), to: rules.withoutSecrets(attributes), version: updated.version)
    try record(.update, stored, attributeRecord, change, password)
    return updated
  }

  /// What must be true of a resource beside its schema.
  /// - Parameter before: what it was; nothing for a new one.
  private func check(_ resource: StoredResource, before: JSONObject) throws {
    try checkName(resource, before: before)
    try ResourceLimits.checkCounts(resource.attributes, before: before)
    try checkUnique(resource, before: before)
    try checkUniqueExtensions(resource, before: before)
    try checkClient(resource)
    try checkConnectors(resource)
  }

  /// A resource that goes leaves its groups and roles, whose representation changes by that.
  private func leaveContainers(_ stored: StoredResource) throws {
    for container in try transaction.containers(of: stored.id) {
      guard let holder = allRules[container.type],
        let attribute = rules.catalog.membershipAttribute(of: holder.type, for: stored.type)
      else { continue }
      let membership = Membership(container: container.id, attribute: attribute, member: stored.id)
      try transaction.remove([membership])
      let writer = ResourceWriter(transaction, rules: allRules, of: holder, time: time, author: author)
      let group = try transaction.existing(holder.type, container.id)
      _ = try writer.update(group, group.attributes, MembershipChange(removed: [membership]), .keep)
    }
  }

  private func set(_ password: PasswordChange, of id: String) throws {
    switch password {
    case .keep: break
    case .clear: try transaction.setPasswordHash(nil, of: id)
    case .set(let hash): try transaction.setPasswordHash(hash, of: id)
    }
  }

  private func record(
    _ action: DirectoryEvent.Action, _ stored: StoredResource, _ attributes: AttributeRecord,
    _ membership: MembershipChange, _ password: PasswordChange
  ) throws {
    try transaction.append(
      DirectoryEvent(
        time: time, author: author, action: action, resourceType: stored.type, id: stored.id, attributes: attributes,
        membership: membership, changesPassword: password != .keep))
  }
}
