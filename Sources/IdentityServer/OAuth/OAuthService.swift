import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID

/// Tokens by OAuth 2: handed out (RFC 6749), looked into (RFC 7662) and revoked (RFC 7009).
struct OAuthService: WebService {
  private enum Endpoint: String, CaseIterable {
    case token = "/oauth2/token"
    case introspection = "/oauth2/introspect"
    case revocation = "/oauth2/revoke"
  }

  /// In bytes; a form of ours is short.
  private static let maxFormSize = 1 << 14

  private let directory: Directory
  private let tokens: AccessTokens

  init(directory: Directory, tokens: AccessTokens) {
    self.directory = directory
    self.tokens = tokens
  }

  func owns(_ path: String) -> Bool { Endpoint(rawValue: path) != nil }

  func respond(to exchange: Exchange) async throws -> Response {
    guard exchange.request.method == .post, let endpoint = Endpoint(rawValue: exchange.request.uri.path) else {
      throw Refusal.methodNotAllowed([.post])
    }
    do {
      let form = try await exchange.request.form(maxSize: Self.maxFormSize)
      switch endpoint {
      case .token: return .oauth(.ok, try await token(form, exchange))
      case .introspection: return .oauth(.ok, try await introspection(form, exchange))
      case .revocation: return .oauth(.ok, try await revocation(form, exchange))
      }
    } catch let error as OAuthError {
      return .oauth(error)
    }
  }

  func response(to refusal: Refusal) -> Response { .oauth(refusal) }

  private func token(_ form: [String: String], _ exchange: Exchange) async throws -> JSONObject {
    let client = try await client(form, exchange)
    let request = try TokenRequest(form)
    guard client.grantTypes.contains(request.grant.type) else {
      throw OAuthError(.unauthorizedClient, "The client may not use the grant type \(request.grant.type.rawValue).")
    }
    let scopes = request.scopes.map(client.scopes.granting) ?? client.scopes
    guard !scopes.isEmpty else { throw OAuthError(.invalidScope, "The client may have none of these scopes.") }
    let author = Author(name: Principal.signature(.client, client.id), address: exchange.address.text)
    return try await tokens.issue(to: client, scopes: scopes, by: author).json
  }

  /// Applications learn of their own tokens; of all others only administrators, and whoever has the scope for it.
  private func introspection(_ form: [String: String], _ exchange: Exchange) async throws -> JSONObject {
    let asker = try await asker(form, exchange)
    guard let token = try await tokens.active(try TokenInquiry(form).token), asker.mayKnow(token),
      try await isHonoured(token)
    else { return Introspection(nil).json }
    return Introspection(token).json
  }

  /// A token that nobody knows is revoked already (RFC 7009 section 2.2).
  private func revocation(_ form: [String: String], _ exchange: Exchange) async throws -> JSONObject {
    let asker = try await asker(form, exchange)
    guard let token = try await tokens.active(try TokenInquiry(form).token) else { return JSONObject() }
    guard asker.isAdministrator || asker.holds(token) else {
      throw OAuthError(.invalidGrant, "The token was issued to another client.")
    }
    try await tokens.revoke(token, by: exchange.author(asker))
    return JSONObject()
  }

  /// Whether the server itself would still take the token: the application may be gone.
  private func isHonoured(_ token: AccessToken) async throws -> Bool {
    guard case .client(let id, let resource) = token.holder else { return true }
    return try await directory.client(registeredBy: resource)?.id == id
  }

  /// - Throws: ``Refusal`` 401 unless an application shows its secret.
  private func client(_ form: [String: String], _ exchange: Exchange) async throws -> Client {
    let credential = try ClientAuthentication.credential(form, exchange.request.headers[.authorization])
    _ = try await exchange.authenticated(by: credential)
    guard case .client(let id, _)? = credential, let client = try await directory.client(named: id) else {
      throw OAuthError(.invalidClient, "There is no such client.")
    }
    return client
  }

  /// Who asks about a token: an application, or a user or machine that the server knows.
  private func asker(_ form: [String: String], _ exchange: Exchange) async throws -> Principal {
    let credential = try ClientAuthentication.credential(form, exchange.request.headers[.authorization])
    guard case .client(let id, _)? = credential else { return try await exchange.authenticated() }
    // What comes by HTTP Basic may be a user's as well; the form has only applications' fields.
    if exchange.request.headers[.authorization] != nil, try await directory.client(named: id) == nil {
      return try await exchange.authenticated()
    }
    return try await exchange.authenticated(by: credential)
  }
}

extension Principal {
  fileprivate func holds(_ token: AccessToken) -> Bool {
    if case .client(let id, _) = token.holder { subject == .client && id == name } else { false }
  }

  fileprivate func mayKnow(_ token: AccessToken) -> Bool {
    if holds(token) { return true }
    return switch rights {
    case .everything: true
    case .scoped(let scopes): scopes.contains(ScopeGrant.introspection)
    case .itself: false
    }
  }
}
