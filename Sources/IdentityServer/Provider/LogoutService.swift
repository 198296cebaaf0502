import Foundation
import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID

/// Signing out (OpenID Connect RP-Initiated Logout): at once when the application shows whom it signed in, else after the
/// user has agreed, for any page may send a browser here.
struct LogoutService: WebService {
  static let path = "/oidc/logout"
  /// In bytes.
  private static let maxFormSize = 1 << 14

  private let directory: Directory
  private let provider: OpenIDProvider
  private let signIn: SignIn

  init(directory: Directory, provider: OpenIDProvider, signIn: SignIn) {
    self.directory = directory
    self.provider = provider
    self.signIn = signIn
  }

  func owns(_ path: String) -> Bool { path == Self.path }

  func response(to refusal: Refusal) -> Response { .page(refusal) }

  func respond(to exchange: Exchange) async throws -> Response {
    do {
      switch exchange.request.method {
      case .get: return try await logOut(exchange, try FormParameters(parsing: exchange.request.uri.query ?? "").values)
      case .post: return try await logOut(exchange, try await exchange.request.form(maxSize: Self.maxFormSize))
      default: throw Refusal.methodNotAllowed([.get, .post])
      }
    } catch let error as OAuthError {
      throw Refusal.unusable(error)
    }
  }

  private func logOut(_ exchange: Exchange, _ fields: [String: String]) async throws -> Response {
    let request = LogoutRequest(fields)
    let hint = try await hint(request)
    let client = try await client(request, hint)
    let location = try request.location(for: client)
    guard let signedIn = try await signIn.current(of: exchange) else { return farewell(location, client) }
    let isHinted = hint?["sid"]?.string == signedIn.session.id
    let decision = isHinted ? "here" : decision(fields, exchange)
    guard let decision else { return page(exchange, fields, client, signedIn) }
    let cookies = try await signIn.end(signedIn, everywhere: decision == "everywhere", exchange)
    return farewell(location, client, cookies)
  }

  /// What the user answered to our question; nil when it was not asked, or not by us.
  private func decision(_ fields: [String: String], _ exchange: Exchange) -> String? {
    guard exchange.request.method == .post, let decision = fields["decision"],
      signIn.browser(of: exchange).isFormToken(fields["form_token"], for: Self.path)
    else { return nil }
    return decision
  }

  /// What the hint says; nil when there is none.
  /// - Throws: `OAuthError` invalid_request for a hint that is no ID token of ours.
  private func hint(_ request: LogoutRequest) async throws -> JSONObject? {
    guard let token = request.idTokenHint else { return nil }
    guard let claims = try await provider.keys.claims(of: token) else {
      throw OAuthError(.invalidRequest, "The id_token_hint is no ID token of this server.")
    }
    return claims
  }

  private func client(_ request: LogoutRequest, _ hint: JSONObject?) async throws -> Client? {
    let hinted = hint?["aud"]?.string
    if let hinted, request.clientID?.isExactly(hinted) == false {
      throw OAuthError(.invalidRequest, "The client_id is not the one that the id_token_hint was issued to.")
    }
    guard let id = hinted ?? request.clientID else { return nil }
    return try await directory.client(named: id)
  }

  private func farewell(_ location: String?, _ client: Client?, _ cookies: [String] = []) -> Response {
    if let location { return .seeOther(location, settingCookies: cookies) }
    return Page.notice("You are signed out", "You can close this page now.", link: ("Sign in again", SignIn.path))
      .response(settingCookies: cookies)
  }

  private func page(
    _ exchange: Exchange, _ fields: [String: String], _ client: Client?, _ signedIn: SignedIn
  ) -> Response {
    let browser = signIn.browser(of: exchange)
    let kept = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state"]
    let page = Page(
      "logout", title: "Sign out", formsLeadAway: true,
      [
        "client": (client?.name).map(PageContent.text), "user": .text(signedIn.userName),
        "form_token": .text(browser.formToken(for: Self.path)),
        "fields": .list(kept.compactMap { name in fields[name].map { ["name": .text(name), "value": .text($0)] } }),
      ])
    return page.response(settingCookies: browser.settingCookies)
  }
}
