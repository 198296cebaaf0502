import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OpenID

/// Answers browsers: a form that begins a sign-in, the provider's answer, and what has come of it.
struct Site: HTTPResponder {
  typealias Context = SiteContext

  /// In bytes; forms of ours are short.
  private static let maxFormSize = 1 << 13

  let registration: Registration
  let provider: Provider
  let visits: Visits

  init(_ registration: Registration, provider: Provider, visits: Visits = Visits()) {
    self.registration = registration
    self.provider = provider
    self.visits = visits
  }

  func respond(to request: Request, context: SiteContext) async throws -> Response {
    let exchange = Exchange(request, port: context.port)
    do throws(FederationError) {
      guard let place = Place(rawValue: request.uri.path) else { return Self.elsewhere(request.uri.path) }
      switch request.method {
      case .get: return try await show(place, exchange)
      case .post: return try await submit(place, exchange)
      default: return Page.wrongMethod.response
      }
    } catch {
      return Page.failure(error).response
    }
  }

  private func show(_ place: Place, _ exchange: Exchange) async throws(FederationError) -> Response {
    switch place {
    case .start: start(exchange)
    case .callback: try await finish(exchange)
    case .farewell: farewell(exchange)
    case .style: .file("text/css; charset=utf-8", PageStyle.text)
    case .icon: .file("image/svg+xml", PageStyle.icon)
    case .authorization, .renewal, .logout: Page.wrongMethod.response
    }
  }

  private func submit(_ place: Place, _ exchange: Exchange) async throws(FederationError) -> Response {
    // Browsers tell where a form comes from. Another site's is not the user's word.
    guard exchange.request.headers[.origin] == Place.base(port: exchange.port) else {
      return Page.stale("The form was sent by another site.").response
    }
    return switch place {
    case .authorization: try await begin(exchange)
    case .renewal: try await renew(exchange)
    case .logout: try await logOut(exchange)
    case .start, .callback, .farewell, .style, .icon: Page.wrongMethod.response
    }
  }

  /// Whoever comes to the door is shown in.
  private static func elsewhere(_ path: String) -> Response {
    if ["/", "/playground2", "/playground2/index.jsp"].contains(path) { return .seeOther(Place.start.rawValue) }
    return Page.notice("Not found", "There is no such page.", status: .notFound).response
  }

  private func start(_ exchange: Exchange) -> Response {
    if let signedIn = visits.visit(exchange.secret)?.signedIn { return Page.user(signedIn, registration).response }
    return Page.form(registration).response
  }

  /// The fields of a form; none for what no form of ours sends.
  func form(_ exchange: Exchange) async -> [String: String] {
    guard let body = try? await exchange.request.body.collect(upTo: Self.maxFormSize) else { return [:] }
    return (try? URLEncodedFormDecoder().decode([String: String].self, from: String(buffer: body))) ?? [:]
  }
}

/// A request and whoever sent it.
struct Exchange {
  let request: Request
  let port: Int

  init(_ request: Request, port: Int) {
    self.request = request
    self.port = port
  }

  /// What the browser is known by; nil for a new one.
  var secret: TokenSecret? { (request.cookies[Self.cookie(port)]?.value).map(TokenSecret.init) }

  /// The parameters of the address that are not empty; nil when they cannot be read, or one comes twice (RFC 6749 section
  /// 3.1).
  var parameters: [String: String]? {
    let all = try? URLEncodedFormDecoder().decode([String: String].self, from: request.uri.query ?? "")
    return all?.filter { !$0.value.isEmpty }
  }

  /// The answer that also tells the browser what it is known by from now on. `Lax`, for providers send browsers here.
  func setting(_ secret: TokenSecret, _ response: Response) -> Response {
    var response = response
    response.setCookie(
      Cookie(
        name: Self.cookie(port), value: secret.text, path: "/playground2", httpOnly: true, sameSite: .lax))
    return response
  }

  /// Cookies know no ports, so that two sites of one host would take each other's.
  private static func cookie(_ port: Int) -> String { "playground-\(port)" }
}
