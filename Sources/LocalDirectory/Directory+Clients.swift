import JSON
import OpenID
import SCIM

extension Directory {
  /// The application with this client identifier and secret; nil when there is none or the secret is wrong. Both take
  /// the same time.
  package func authenticateClient(id: String, secret: String) async throws -> Client? {
    guard let registration = try await registration(of: id), let hash = registration.secretHash else {
      _ = try await passwordHasher.hash(secret)
      return nil
    }
    return await passwordHasher.verify(secret, against: hash) ? registration.client : nil
  }

  /// The application that a service provider registers; nil when it does not, or is gone.
  package func client(registeredBy id: String) async throws -> Client? {
    try await store.read { try $0.resource(ClientRegistration.type, id).flatMap(ClientRegistration.init)?.client }
  }

  /// The application with this client identifier, whoever asks.
  package func client(named id: String) async throws -> Client? { try await registration(of: id)?.client }

  private func registration(of clientID: String) async throws -> ClientRegistration? {
    try await store.read { try $0.registration(of: clientID) }
  }
}

extension DirectoryReader {
  /// The registration with this client identifier, byte by byte.
  func registration(of clientID: String) throws -> ClientRegistration? {
    try registration { $0.isExactly(clientID) }
  }

  /// The first registration with a client identifier that is meant.
  func registration(where isMeant: (String) -> Bool) throws -> ClientRegistration? {
    var found: ClientRegistration?
    try scan(ClientRegistration.type, narrowedBy: nil) { stored in
      guard found == nil, let registration = ClientRegistration(stored), isMeant(registration.client.id) else {
        return
      }
      found = registration
    }
    return found
  }
}
