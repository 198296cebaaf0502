/// Tells who shows a credential.
package protocol Authenticator: Sendable {
  /// nil when the credential is wrong.
  /// - Parameter address: where it comes from.
  /// - Throws: ``LoginThrottled``, or the error of the store that holds the credentials.
  func principal(for credential: Credential, from address: NetworkAddress) async throws -> Principal?

  /// A user who has proved who they are in another way; nil when the user is gone.
  /// - Parameter id: of the user's resource.
  func principal(ofUser id: String) async throws -> Principal?
}

/// Too many attempts failed: the next one is not looked at before this time has passed.
package struct LoginThrottled: Error, Hashable {
  package let retryAfter: Duration

  package init(retryAfter: Duration) { self.retryAfter = retryAfter }
}
