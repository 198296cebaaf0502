import Foundation
import Reconciliation

/// How we prove who we are to an endpoint, with the secret at hand.
package enum EndpointCredential: Hashable, Sendable {
  /// RFC 7617.
  case basic(username: String, password: Secret)
  /// RFC 6750.
  case bearer(Secret)
  /// Bearer tokens that are asked for when they are needed.
  case accessToken(AccessTokenGrant)

  /// Resolves the secrets that a manifest names.
  /// - Throws: `misconfigured` when one cannot be read or is not what it should be.
  package init(
    _ authentication: EndpointDeclaration.Authentication, tokens rules: AccessTokenRules = AccessTokenRules(),
    secret: (SecretReference) throws -> Secret
  ) throws(EndpointError) {
    do {
      switch authentication {
      case .basic(let username, let password): self = .basic(username: username, password: try secret(password))
      case .bearer(let token, _): self = .bearer(try secret(token))
      case .oauth2(let client): self = .accessToken(try AccessTokenGrant(client, rules, secret: secret))
      case .serviceAccount(let account): self = .accessToken(try AccessTokenGrant(account, rules, secret: secret))
      }
    } catch let error as EndpointError {
      throw EndpointError(.misconfigured, "the credential cannot be used: \(error.message)")
    } catch {
      throw EndpointError(.misconfigured, "the credential cannot be used: \(error)")
    }
  }

  /// The user that this names; nil when it does not say.
  package var userName: String? {
    switch self {
    case .basic(let username, _): username
    case .bearer: nil
    case .accessToken(let grant): grant.subject
    }
  }

  /// The value of the `Authorization` field; nil when it changes from time to time.
  /// - Throws: `misconfigured` when the credential cannot be written as one.
  func authorization() throws(EndpointError) -> String? {
    switch self {
    case .basic(let username, _) where username.contains(":"):
      throw EndpointError(.misconfigured, "a user name with a colon cannot be sent (RFC 7617 section 2)")
    case .basic(let username, let password): return "Basic \(Self.encoded(username, password))"
    case .bearer(let token): return try Self.bearer(token)
    case .accessToken: return nil
    }
  }

  /// RFC 6750 section 2.1.
  static func bearer(_ token: Secret) throws(EndpointError) -> String {
    guard !token.revealed.isEmpty, token.revealed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw EndpointError(.misconfigured, "the bearer token is empty or holds characters that cannot be sent")
    }
    return "Bearer \(token.revealed)"
  }

  /// Everything that must not appear in a message.
  var secrets: [String] {
    switch self {
    case .basic(let username, let password): [password.revealed, Self.encoded(username, password)]
    case .bearer(let token): [token.revealed]
    case .accessToken(let grant): grant.secrets
    }
  }

  private static func encoded(_ username: String, _ password: Secret) -> String {
    Data("\(username):\(password.revealed)".utf8).base64EncodedString()
  }
}
