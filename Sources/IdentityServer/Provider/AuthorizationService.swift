import Foundation
import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID
import SCIM

/// The authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2) and the question for consent on the
/// way.
struct AuthorizationService: WebService {
  static let path = "/oauth2/authorize"
  private static let consentPath = "/oauth2/consent"
  /// In bytes: of what comes as a form, and of what is carried along.
  private static let maxFormSize = 1 << 14
  private static let maxQuerySize = 4096

  private let directory: Directory
  private let configuration: ServerConfiguration
  private let provider: OpenIDProvider
  private let signIn: SignIn
  private let grants: Grants

  init(
    directory: Directory, configuration: ServerConfiguration, provider: OpenIDProvider, signIn: SignIn, grants: Grants
  ) {
    self.directory = directory
    self.configuration = configuration
    self.provider = provider
    self.signIn = signIn
    self.grants = grants
  }

  func owns(_ path: String) -> Bool { path == Self.path || path == Self.consentPath }

  /// What cannot be answered to the client: nobody is sent anywhere before it is known who asks.
  func response(to refusal: Refusal) -> Response { .page(refusal) }

  func respond(to exchange: Exchange) async throws -> Response {
    do {
      switch (exchange.request.method, exchange.request.uri.path) {
      case (.get, Self.path): return try await begin(exchange, exchange.request.uri.query ?? "")
      case (.post, Self.path):
        return try await begin(
          exchange, FormEncoding.encoded(try await exchange.request.form(maxSize: Self.maxFormSize)))
      case (.post, _): return try await decide(exchange)
      case (_, Self.path): throw Refusal.methodNotAllowed([.get, .post])
      default: throw Refusal.methodNotAllowed([.post])
      }
    } catch let error as OAuthError {
      throw Refusal.unusable(error)
    }
  }

  private func begin(_ exchange: Exchange, _ query: String) async throws -> Response {
    guard query.utf8.count <= Self.maxQuerySize || query.hasPrefix("flow=") else {
      throw OAuthError(.invalidRequest, "The request must not be longer than \(Self.maxQuerySize) bytes.")
    }
    let parameters = try FormParameters(parsing: query).values
    guard let token = parameters["flow"] else {
      return try await proceed(
        exchange, Continuation(path: Self.path, query: query, startedAt: Timestamp.truncated(provider.now())))
    }
    guard let continuation = signIn.browser(of: exchange).continuation(token), continuation.path == Self.path else {
      throw Refusal.staleFlow
    }
    return try await proceed(exchange, continuation)
  }

  /// The next step of an authorization, whether the browser comes the first time or again.
  private func proceed(_ exchange: Exchange, _ continuation: Continuation) async throws -> Response {
    let (parameters, client, redirectURI) = try await addressed(continuation)
    do {
      let request = try Self.request(parameters, client, redirectURI)
      let signedIn = try await signIn.current(of: exchange)
      let visitor = try await visitor(signedIn, client)
      let flow = AuthorizationFlow(
        request, startedAt: continuation.startedAt, expectedSubject: try await expectedSubject(request))
      switch flow.next(visitor, at: provider.now()) {
      case .login: return signIn.demand(exchange, then: continuation)
      case .consent(let scopes): return consentPage(exchange, continuation, request, signedIn, scopes)
      case .refuse(let error): throw error
      case .grant:
        guard let session = visitor?.session else { return signIn.demand(exchange, then: continuation) }
        let code = try await grants.give(request, in: session, issuer: configuration.issuer(exchange))
        return answer(.code(code), to: redirectURI, state: request.state, exchange)
      }
    } catch let error as OAuthError {
      return answer(.refusal(error), to: redirectURI, state: parameters["state"], exchange)
    }
  }

  /// The user has answered the question for consent.
  private func decide(_ exchange: Exchange) async throws -> Response {
    let form = try await exchange.request.form(maxSize: Self.maxFormSize)
    let browser = signIn.browser(of: exchange)
    guard browser.isFormToken(form["form_token"], for: Self.consentPath),
      let continuation = browser.continuation(form["flow"]), continuation.path == Self.path,
      let signedIn = try await signIn.current(of: exchange)
    else { throw Refusal.staleFlow }
    let (parameters, client, redirectURI) = try await addressed(continuation)
    do {
      guard form["decision"] == "allow" else { throw OAuthError(.accessDenied, "The user does not allow it.") }
      let request = try Self.request(parameters, client, redirectURI)
      let known = try await provider.store.consent(of: signedIn.user.id, to: client.resource)?.scopes ?? .none
      try await provider.store.save(
        Consent(
          user: signedIn.user.id, resource: client.resource, scopes: known.union(request.scopes),
          givenAt: Timestamp.truncated(provider.now())))
      let author = Author(name: signedIn.signature, address: exchange.address.text)
      await provider.trail.record(.consentGiven, by: author, "\(client.id): \(request.scopes)")
      return .seeOther("\(Self.path)?flow=\(browser.token(of: continuation))")
    } catch let error as OAuthError {
      return answer(.refusal(error), to: redirectURI, state: parameters["state"], exchange)
    }
  }

  /// Who asks, and where answers go: both registered, or nobody is answered.
  private func addressed(
    _ continuation: Continuation
  ) async throws -> (parameters: [String: String], client: Client, redirectURI: RedirectURI) {
    let parameters = try FormParameters(parsing: continuation.query).values
    let address = try AuthorizationRequest.Address(parameters)
    guard let client = try await directory.client(named: address.clientID) else {
      throw OAuthError(.invalidRequest, "No application with this client_id is registered here.")
    }
    guard let redirectURI = client.redirectURI(address.redirectURI) else {
      throw OAuthError(.invalidRequest, "The redirect_uri is not one that \(client.name) has registered.")
    }
    return (parameters, client, redirectURI)
  }

  private static func request(
    _ parameters: [String: String], _ client: Client, _ redirectURI: RedirectURI
  ) throws(OAuthError) -> AuthorizationRequest {
    try AuthorizationRequest(parameters, from: client, to: redirectURI) { wanted in
      client.scopes.granting(wanted.filter { OpenIDScope(rawValue: $0) == nil })
    }
  }

  private func visitor(_ signedIn: SignedIn?, _ client: Client) async throws -> AuthorizationFlow.Visitor? {
    guard let signedIn else { return nil }
    return AuthorizationFlow.Visitor(
      session: signedIn.session, subject: UserClaims(signedIn.user).subject(for: client),
      consent: try await provider.store.consent(of: signedIn.user.id, to: client.resource))
  }

  /// - Throws: `OAuthError` invalid_request for a hint that is no token of ours for this client.
  private func expectedSubject(_ request: AuthorizationRequest) async throws -> String? {
    guard let hint = request.idTokenHint else { return nil }
    guard let claims = try await provider.keys.claims(of: hint),
      claims["aud"]?.string?.isExactly(request.client.id) == true
    else {
      throw OAuthError(.invalidRequest, "The id_token_hint is no ID token of this client.")
    }
    return claims["sub"]?.string
  }

  private func answer(
    _ outcome: AuthorizationResponse.Outcome, to redirectURI: RedirectURI, state: String?, _ exchange: Exchange
  ) -> Response {
    let issuer = configuration.issuer(exchange)
    return .seeOther(AuthorizationResponse(outcome, state: state, issuer: issuer).location(at: redirectURI))
  }

  private func consentPage(
    _ exchange: Exchange, _ continuation: Continuation, _ request: AuthorizationRequest, _ signedIn: SignedIn?,
    _ scopes: Scopes
  ) -> Response {
    let browser = signIn.browser(of: exchange)
    let requests = scopes.names.compactMap { name -> String? in
      guard let scope = OpenIDScope(rawValue: name) else { return "Use \(name) in your name" }
      return scope.request
    }
    let page = Page(
      "consent", title: "Allow \(request.client.name.isolated)?", formsLeadAway: true,
      [
        "client": .text(request.client.name), "user": .text(signedIn?.userName ?? ""),
        "requests": .list(requests.map { ["text": .text($0)] }), "destination": .text(request.redirectURI.origin),
        "form_token": .text(browser.formToken(for: Self.consentPath)),
        "flow": .text(browser.token(of: continuation)),
      ])
    return page.response(settingCookies: browser.settingCookies)
  }
}

extension Refusal {
  /// A form or a step of a sign-in that this browser was not given, or not lately.
  static let staleFlow = Refusal(
    error: SCIMError(
      status: 400, nil, "This page was too old, or cookies are switched off. Go back to the application and try again.")
  )
}
