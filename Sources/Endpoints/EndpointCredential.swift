import Foundation
import Reconciliation

/// How we prove who we are to an endpoint, with the secret at hand.
package enum EndpointCredential: Hashable, Sendable {
  /// RFC 7617.
  case basic(username: String, password: Secret)
  /// RFC 6750.
  case bearer(Secret)

  /// Resolves the secret that a manifest names.
  /// - Throws: `misconfigured` when it cannot be read or cannot be sent.
  package init(
    _ authentication: EndpointDeclaration.Authentication, secret: (SecretReference) throws -> Secret
  ) throws(EndpointError) {
    do {
      switch authentication {
      case .basic(let username, let password): self = .basic(username: username, password: try secret(password))
      case .bearer(let token, _): self = .bearer(try secret(token))
      }
    } catch {
      throw EndpointError(.misconfigured, "the credential cannot be used: \(error)")
    }
  }

  /// The user that this names; nil for a token.
  package var userName: String? {
    switch self {
    case .basic(let username, _): username
    case .bearer: nil
    }
  }

  /// The value of the `Authorization` field.
  /// - Throws: `misconfigured` when the credential cannot be written as one.
  func authorization() throws(EndpointError) -> String {
    switch self {
    case .basic(let username, _) where username.contains(":"):
      throw EndpointError(.misconfigured, "a user name with a colon cannot be sent (RFC 7617 section 2)")
    case .basic: return "Basic \(encoded)"
    case .bearer(let token):
      guard !token.revealed.isEmpty, token.revealed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        throw EndpointError(.misconfigured, "the bearer token is empty or holds characters that cannot be sent")
      }
      return "Bearer \(token.revealed)"
    }
  }

  /// Everything that must not appear in a message.
  var secrets: [String] {
    switch self {
    case .basic(_, let password): [password.revealed, encoded]
    case .bearer(let token): [token.revealed]
    }
  }

  private var encoded: String {
    switch self {
    case .basic(let username, let password): Data("\(username):\(password.revealed)".utf8).base64EncodedString()
    case .bearer(let token): token.revealed
    }
  }
}
