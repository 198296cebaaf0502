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

/// An application as a service provider resource registers it (RFC 6749 section 2).
struct ClientRegistration: Sendable {
  /// The resource type that registers applications.
  static let type = "ServiceProvider"

  let client: Client
  let secretHash: String?

  /// nil when the resource registers no client.
  init?(_ stored: StoredResource) {
    guard stored.type == Self.type, let settings = stored.attributes["inbound"]?["openidconnect"],
      let id = settings["clientId"]?.string
    else { return nil }
    let names = { (attribute: String) in (settings[attribute]?.array ?? []).compactMap(\.string) }
    client = Client(
      id: id, resource: stored.id, grantTypes: Set(names("grantTypes").compactMap(GrantType.init)),
      scopes: (try? Scopes(names("scopes"))) ?? .none,
      accessTokenLifetime: Self.lifetime(settings["accessTokenLifetime"]?.string) ?? Client.standardLifetime)
    secretHash = settings["clientSecret"]?.string
  }

  /// In seconds; nil for what is no lifetime.
  static func lifetime(_ text: String?) -> Int? { text.flatMap(DurationText.seconds).flatMap { $0 > 0 ? $0 : nil } }
}

extension DirectoryReader {
  /// The registration with this client identifier.
  func registration(of clientID: String) throws -> ClientRegistration? {
    var found: ClientRegistration?
    try scan(ClientRegistration.type, narrowedBy: nil) { stored in
      guard found == nil, let registration = ClientRegistration(stored), registration.client.id == clientID else {
        return
      }
      found = registration
    }
    return found
  }
}

extension ResourceWriter {
  /// - Throws: `SCIMError` 409 when another application has the client identifier, 400 for a lifetime or a scope that
  ///   cannot be understood.
  func checkClient(_ resource: StoredResource) throws {
    guard let settings = resource.attributes["inbound"]?["openidconnect"], resource.type == ClientRegistration.type
    else {
      return
    }
    if let id = settings["clientId"]?.string, let other = try transaction.registration(of: id),
      other.client.resource != resource.id
    {
      throw SCIMError(status: 409, .uniqueness, "There is already an application with the clientId \"\(id)\".")
    }
    if let lifetime = settings["accessTokenLifetime"]?.string, ClientRegistration.lifetime(lifetime) == nil {
      throw SCIMError(
        status: 400, .invalidValue, "accessTokenLifetime must be a time such as 30m or 1h, not \"\(lifetime)\".")
    }
    do {
      _ = try Scopes((settings["scopes"]?.array ?? []).compactMap(\.string))
    } catch {
      throw SCIMError(status: 400, .invalidValue, "scopes: \(error.text)")
    }
  }
}
