import JSON
import LocalDirectory
import OpenID
import SCIM

/// Whom a token of the store stands for now. Every use of a token is judged by it.
enum TokenBearer: Sendable {
  case machine(name: String)
  case application(Client)
  /// An application on behalf of a user.
  case user(Resource, Client)

  /// nil when the application that the token was for, or its user, is gone or has changed its name.
  init?(_ token: AccessToken, in directory: Directory) async throws {
    switch token.holder {
    case .service(let name): self = .machine(name: name)
    case .client(let id, let resource):
      guard let client = try await Self.client(id, resource, directory) else { return nil }
      self = .application(client)
    case .user(let user, let id, let resource, _):
      guard let client = try await Self.client(id, resource, directory),
        let (user, _) = try await directory.activeUser(user)
      else { return nil }
      self = .user(user, client)
    }
  }

  private static func client(_ id: String, _ resource: String, _ directory: Directory) async throws -> Client? {
    try await directory.client(registeredBy: resource).flatMap { $0.id.isExactly(id) ? $0 : nil }
  }
}
