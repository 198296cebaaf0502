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

extension DirectoryTransaction {
  /// - Throws: `SCIMError` 409 as ``Directory/add(_:to:)``; an identity that is the user's already stays.
  func give(_ identity: FederatedIdentity, to user: String) throws {
    if let owner = try self.user(of: identity) {
      guard owner == user else {
        throw SCIMError(status: 409, .uniqueness, "This identity of \(identity.issuer) belongs to another user.")
      }
      return
    }
    guard try !identities(of: user).contains(where: { $0.issuer == identity.issuer }) else {
      throw SCIMError(status: 409, .uniqueness, "The user has another identity of \(identity.issuer) already.")
    }
    try add(identity, to: user)
  }
}
