import JSON
import OpenID
import SCIM

extension Directory {
  /// The id of the user whom an identity elsewhere belongs to; nil when it belongs to nobody.
  package func user(of identity: FederatedIdentity) async throws -> String? {
    try await store.read { try $0.user(of: identity) }
  }

  /// The identities that a user has elsewhere, by their issuers.
  package func identities(of user: String) async throws -> [FederatedIdentity] {
    try await store.read { try $0.identities(of: user) }
  }

  /// The ids of the users who have an e-mail address and no identity elsewhere.
  ///
  /// Whoever has one may owe the address to that provider, which need not have asked whose it is: such an account is nobody's
  /// to find. The case of ASCII letters does not count, and nothing else is folded.
  package func localUsers(withEmail address: String) async throws -> [String] {
    guard let users = catalog.resourceType("User") else { return [] }
    return try await store.read { reader in
      try reader.resources(with: LookupKey(attribute: LookupKey.emails, value: address), of: users.name)
        .filter { $0.hasEmail(address) }.map(\.id).filter { try reader.identities(of: $0).isEmpty }
    }
  }

  /// Gives an identity to a user who is here already.
  /// - Throws: `SCIMError` 404 when the user is not, 409 when the identity belongs to somebody else or the user has
  ///   another one of the same issuer.
  package func add(_ identity: FederatedIdentity, to user: String) async throws {
    guard let users = catalog.resourceType("User") else {
      throw SCIMError(status: 404, nil, "This directory holds no users.")
    }
    try await store.write { transaction in
      _ = try transaction.existing(users, user)
      try transaction.give(identity, to: user)
    }
  }
}

extension StoredResource {
  fileprivate func hasEmail(_ address: String) -> Bool {
    let wanted = address.asciiLowercased
    return (attributes["emails"]?.array ?? []).contains {
      $0["value"]?.string?.asciiLowercased.isExactly(wanted) ?? false
    }
  }
}

extension DirectoryTransaction {
  /// - Throws: `SCIMError` 409 as ``Directory/add(_:to:)``; an identity that is the user's already stays.
  func give(_ identity: FederatedIdentity, to user: String) throws {
    if let owner = try self.user(of: identity) {
      guard owner == user else {
        throw SCIMError(status: 409, .uniqueness, "This identity of \(identity.issuer) belongs to another user.")
      }
      return
    }
    guard try !identities(of: user).contains(where: { $0.issuer.isExactly(identity.issuer) }) else {
      throw SCIMError(status: 409, .uniqueness, "The user has another identity of \(identity.issuer) already.")
    }
    try add(identity, to: user)
  }
}
