import Foundation

/// What a user has agreed to tell a client, and is not asked again.
package struct Consent: Hashable, Sendable {
  /// The id of the user's resource.
  package var user: String
  /// The id of the resource that registers the client.
  package var resource: String
  package var scopes: Scopes
  /// In whole milliseconds.
  package var givenAt: Date

  package init(user: String, resource: String, scopes: Scopes, givenAt: Date) {
    self.user = user
    self.resource = resource
    self.scopes = scopes
    self.givenAt = givenAt
  }
}

/// Where consents are kept. Methods throw the store's own errors.
package protocol ConsentStore: Sendable {
  func consent(of user: String, to resource: String) async throws -> Consent?

  /// Keeps a consent in place of an earlier one.
  func save(_ consent: Consent) async throws
}

/// Where the keys are kept that tokens are signed with. Methods throw the store's own errors.
package protocol SigningKeyStore: Sendable {
  /// All keys, the oldest first.
  func signingKeys() async throws -> [SigningKey]

  /// Keeps new keys, and retires those that signed with the same algorithms, unless others did so since: of servers that
  /// rotate at the same time, one does.
  /// - Parameter known: the ids of the keys that were there when the new ones were made.
  /// - Returns: whether the new ones were kept.
  func rotate(to keys: [SigningKey], knowing known: Set<String>) async throws -> Bool

  /// Forgets keys that were retired by then.
  func removeSigningKeys(retiredBy time: Date) async throws
}

/// All that a provider keeps.
package typealias ProviderStore = SessionStore & GrantStore & ConsentStore & SigningKeyStore
