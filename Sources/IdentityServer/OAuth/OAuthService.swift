import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID
import SCIM

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
  private let provider: OpenIDProvider
  private let grants: Grants

  init(directory: Directory, tokens: AccessTokens, provider: OpenIDProvider, grants: Grants) {
    self.directory = directory
    self.tokens = tokens
    self.provider = provider
    self.grants = grants
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
    let author = Author(name: Principal.signature(.client, client.id), address: exchange.address.text)
    switch request.grant {
    case .clientCredentials:
      guard !client.isPublic else { throw OAuthError(.unauthorizedClient, "This grant type takes a client secret.") }
      let scopes = request.scopes.map(client.scopes.granting) ?? client.scopes
      guard !scopes.isEmpty else { throw OAuthError(.invalidScope, "The client may have none of these scopes.") }
      return try await tokens.issue(to: client, scopes: scopes, by: author).json
    case .authorizationCode(let code, let redirectURI, let verifier):
      return try await grants.redeem(
        code: code, redirectURI: redirectURI, verifier: verifier, for: client, by: author
      ).json
    case .refreshToken(let token):
      return try await grants.refresh(token, scopes: request.scopes, for: client, by: author).json
    }
  }

  /// Applications learn of their own tokens; of all others only administrators, and whoever has the scope for it.
  private func introspection(_ form: [String: String], _ exchange: Exchange) async throws -> JSONObject {
    let asker = try await asker(form, exchange)
    guard let token = try await tokens.active(try TokenInquiry(form).token), asker.mayKnow(token) else {
      return Introspection(nil).json
    }
    return try await introspection(of: token).json
  }

  /// A token that nobody knows is revoked already (RFC 7009 section 2.2). With a refresh token goes all that came of the
  /// same grant.
  private func revocation(_ form: [String: String], _ exchange: Exchange) async throws -> JSONObject {
    let asker = try await revoker(form, exchange)
    let secret = try TokenInquiry(form).token
    if let token = try await tokens.active(secret) {
      try asker.checkOwning(token.holder.client)
      try await tokens.revoke(token, by: exchange.author(asker))
    } else if let (ticket, grant) = try await provider.store.ticket(with: secret.digest), ticket.kind == .refresh {
      try asker.checkOwning(grant.client)
      if try await provider.store.revokeGrant(grant.id) {
        await provider.trail.record(.tokenRevoked, by: exchange.author(asker), "\(grant.client): \(grant.scopes)")
      }
    }
    return JSONObject()
  }

  /// What the token is worth to the server itself: the application or the user may be gone.
  private func introspection(of token: AccessToken) async throws -> Introspection {
    switch try await TokenBearer(token, in: directory) {
    case .machine, .application: return Introspection(token)
    case .user(let user, let client):
      guard let id = token.holder.grant, let grant = try await provider.store.grant(id) else {
        return Introspection(nil)
      }
      return Introspection(
        token, subject: UserClaims(user).subject(for: client), userName: user.userName, issuer: grant.issuer)
    case nil: return Introspection(nil)
    }
  }

  /// - Throws: ``Refusal`` 401 unless an application shows its secret, or is known to have none.
  private func client(_ form: [String: String], _ exchange: Exchange) async throws -> Client {
    let credential = try ClientAuthentication.credential(form, exchange.request.headers[.authorization])
    if credential == nil, let client = try await namedPublicClient(form, exchange) { return client }
    _ = try await exchange.authenticated(by: credential)
    guard case .client(let id, _)? = credential, let client = try await directory.client(named: id) else {
      throw OAuthError(.invalidClient, "There is no such client.")
    }
    return client
  }

  /// The public client that the form names (RFC 6749 section 3.2.1); nil when there is another credential, or no such client.
  private func namedPublicClient(_ form: [String: String], _ exchange: Exchange) async throws -> Client? {
    guard exchange.request.headers[.authorization] == nil, form["client_secret"] == nil, let id = form["client_id"],
      let client = try await directory.client(named: id), client.isPublic
    else { return nil }
    return client
  }

  /// Who may revoke: whoever may ask, and public clients, for which the token itself has to do (RFC 7009 section 5).
  private func revoker(_ form: [String: String], _ exchange: Exchange) async throws -> Principal {
    if let client = try await namedPublicClient(form, exchange) {
      return Principal(.client, name: client.id, rights: .scoped(.none))
    }
    return try await asker(form, exchange)
  }

  /// Who asks about a token: an application, or a user or machine that the server knows.
  private func asker(_ form: [String: String], _ exchange: Exchange) async throws -> Principal {
    let credential = try ClientAuthentication.credential(form, exchange.request.headers[.authorization])
    guard case .client(let id, _)? = credential else { return try await exchange.authenticated() }
    // What comes by HTTP Basic may be a user's as well; the form has only applications' fields.
    if exchange.request.headers.contains(.authorization), try await directory.client(named: id) == nil {
      return try await exchange.authenticated()
    }
    return try await exchange.authenticated(by: credential)
  }
}

extension Principal {
  fileprivate func holds(_ token: AccessToken) -> Bool {
    token.holder.client.map { subject == .client && $0.isExactly(name) } ?? false
  }

  /// - Throws: `OAuthError` invalid_grant unless this is the client, or an administrator.
  fileprivate func checkOwning(_ client: String?) throws(OAuthError) {
    guard isAdministrator || (subject == .client && client?.isExactly(name) == true) else {
      throw OAuthError(.invalidGrant, "The token was issued to another client.")
    }
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
