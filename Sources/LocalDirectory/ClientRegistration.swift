import JSON
import OpenID
import SCIM

/// An application as a service provider resource registers it (RFC 6749 section 2).
struct ClientRegistration: Sendable {
  /// The resource type that registers applications.
  static let type = "ServiceProvider"

  let client: Client
  let secretHash: String?

  /// nil when the resource registers no client.
  init?(_ stored: StoredResource) {
    guard stored.type == Self.type, let settings = stored.attributes["inbound"]?["openidconnect"]?.object else {
      return nil
    }
    secretHash = settings["clientSecret"]?.string
    let redirectURIs = settings.strings("redirectURIs").map(RedirectURI.init)
    client = Client(
      id: settings["clientId"]?.string ?? stored.id, resource: stored.id, name: stored.label,
      grantTypes: Self.grantTypes(settings, hasRedirectURIs: !redirectURIs.isEmpty),
      scopes: (try? Scopes(settings.strings("scopes"))) ?? .none,
      accessTokenLifetime: Self.lifetime(settings["accessTokenLifetime"]?.string) ?? Client.standardLifetime,
      refreshTokenLifetime: Self.lifetime(settings["refreshTokenLifetime"]?.string) ?? Client.standardRefreshLifetime,
      isPublic: secretHash == nil, redirectURIs: redirectURIs,
      takesAnyLoopbackPort: settings["anyLoopbackPort"]?.bool ?? false,
      postLogoutRedirectURIs: settings.strings("postLogoutRedirectURIs"),
      requiresPKCE: settings["pkce"]?.string == "required", skipsConsent: settings["skipConsent"]?.bool ?? false,
      subject: settings["subject"]?.string.flatMap(Client.Subject.init) ?? .id,
      signatureAlgorithm: settings["idTokenAlgorithm"]?.string.flatMap(SignatureAlgorithm.init) ?? .rs256,
      steps: Self.steps(stored.attributes["authentication"]?["steps"]?.array ?? []))
  }

  /// An application that lists none but can be returned to signs users in (RFC 7591 section 2).
  private static func grantTypes(_ settings: JSONObject, hasRedirectURIs: Bool) -> Set<GrantType> {
    let named = settings.strings("grantTypes")
    return named.isEmpty && hasRedirectURIs ? [.authorizationCode] : Set(named.compactMap(GrantType.init))
  }

  private static func steps(_ values: [JSONValue]) -> [Client.Step] {
    let steps = values.compactMap(\.object).map {
      Client.Step(local: $0.strings("local"), federated: $0.strings("federated"))
    }
    return steps.isEmpty ? [.password] : steps
  }

  /// In seconds; nil for what is no lifetime.
  static func lifetime(_ text: String?) -> Int? { text.flatMap(DurationText.seconds).flatMap { $0 > 0 ? $0 : nil } }
}

extension ResourceWriter {
  /// - Throws: `SCIMError` 409 when another application has the client identifier, 400 for an address, a lifetime or a
  ///   scope that cannot be used.
  func checkClient(_ resource: StoredResource) throws {
    guard let settings = resource.attributes["inbound"]?["openidconnect"]?.object,
      let registration = ClientRegistration(resource)
    else { return }
    let id = registration.client.id
    // Nor one that only differs by the spelling of equivalent characters.
    if let other = try transaction.registration(where: { $0 == id }), other.client.resource != resource.id {
      throw SCIMError(status: 409, .uniqueness, "There is already an application with the clientId \"\(id)\".")
    }
    for name in ["accessTokenLifetime", "refreshTokenLifetime"] {
      guard let lifetime = settings[name]?.string, ClientRegistration.lifetime(lifetime) == nil else { continue }
      throw SCIMError(status: 400, .invalidValue, "\(name) must be a time such as 30m or 1h, not \"\(lifetime)\".")
    }
    for name in ["redirectURIs", "postLogoutRedirectURIs"] {
      for uri in settings.strings(name) {
        guard let objection = RedirectURI(uri).objection else { continue }
        throw SCIMError(status: 400, .invalidValue, "\(name): \"\(uri)\" \(objection).")
      }
    }
    do {
      _ = try Scopes(settings.strings("scopes"))
    } catch {
      throw SCIMError(status: 400, .invalidValue, "scopes: \(error.text)")
    }
  }
}

extension JSONObject {
  /// The texts of an array.
  fileprivate func strings(_ name: String) -> [String] { (self[name]?.array ?? []).compactMap(\.string) }
}
