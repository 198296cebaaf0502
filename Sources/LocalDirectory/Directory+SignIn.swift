import JSON
import OpenID
import SCIM

extension Directory {
  /// The user as somebody who may be signed in; nil when it is gone or not active.
  package func activeUser(_ id: String) async throws -> (user: Resource, credential: String)? {
    guard let users = catalog.resourceType("User"), let mark = try await credentialMark(of: id, users) else {
      return nil
    }
    do {
      return (try await resource(type: users, id: id), mark)
    } catch let error as SCIMError where error.status == 404 {
      return nil
    }
  }

  /// A mark that changes with the user's password and tells nothing of it.
  private func credentialMark(of id: String, _ users: ResourceType) async throws -> String? {
    try await store.read { reader in
      guard let user = try reader.resource(users.name, id), user.attributes["active"]?.bool != false else { return nil }
      return TokenSecret(try reader.passwordHash(of: id) ?? "").digest.name
    }
  }
}
