import Foundation
import Hummingbird
import OpenID

/// The way of a browser to the provider and back.
extension Site {
  /// Sends the browser to the provider.
  func begin(_ exchange: Exchange) async throws(FederationError) -> Response {
    let clientID = await form(exchange)["consumerKey"] ?? ""
    let attempt = SignInAttempt(clientID: clientID.isEmpty ? registration.clientID : clientID)
    let location = attempt.location(
      at: try await provider.addresses(), scope: registration.scope,
      redirectURI: Place.callback.address(port: exchange.port))
    var visit = visits.visit(exchange.secret) ?? Visit()
    visit.attempt = attempt
    return exchange.setting(visits.keep(visit, insteadOf: exchange.secret), .seeOther(location))
  }

  /// The browser is back with an answer, which is good once.
  func finish(_ exchange: Exchange) async throws(FederationError) -> Response {
    guard let secret = exchange.secret, let attempt = visits.visit(secret)?.attempt, let answer = exchange.parameters,
      answer["state"] == attempt.state
    else { return Page.stale("The answer does not belong to a sign-in that this browser has begun.").response }
    visits.update(secret) { $0.attempt = nil }
    var signedIn = try await provider.redeem(
      AuthenticationAnswer(answer), to: attempt, redirectURI: Place.callback.address(port: exchange.port))
    signedIn.user = try await provider.user(of: signedIn)
    let renewed = visits.keep(Visit(signedIn: signedIn), insteadOf: secret)
    return exchange.setting(renewed, .seeOther(Place.start.rawValue))
  }

  /// Gets new tokens for the refresh token, which is good once: a second click finds none while the first is on its way.
  func renew(_ exchange: Exchange) async throws(FederationError) -> Response {
    guard let secret = exchange.secret, let signedIn = visits.visit(secret)?.signedIn,
      let refresh = visits.takeRefreshToken(secret)
    else { return .seeOther(Place.start.rawValue) }
    let renewed: SignedIn
    do {
      renewed = try await provider.renew(signedIn, by: refresh)
    } catch {
      visits.update(secret) { $0.signedIn?.refreshToken = refresh }
      throw error
    }
    // Kept at once: the refresh token before is worth nothing any more.
    visits.update(secret) { $0.signedIn = renewed }
    let user = try await provider.user(of: renewed)
    visits.update(secret) { $0.signedIn?.user = user }
    return .seeOther(Place.start.rawValue)
  }

  /// Forgets the user, and has the provider sign them out (OpenID Connect RP-Initiated Logout section 2).
  func logOut(_ exchange: Exchange) async throws(FederationError) -> Response {
    guard let signedIn = visits.visit(exchange.secret)?.signedIn else { return .seeOther(Place.start.rawValue) }
    let state = Base64URL.encoded(TokenSecret.systemRandom())
    let secret = visits.keep(Visit(farewell: state), insteadOf: exchange.secret)
    guard let endpoint = await provider.endSession else {
      return exchange.setting(secret, .seeOther(Place.farewell.rawValue))
    }
    let address = RedirectURI(endpoint).adding([
      ("id_token_hint", signedIn.idToken.text), ("client_id", signedIn.attempt.clientID),
      ("post_logout_redirect_uri", Place.farewell.address(port: exchange.port)), ("state", state),
    ])
    return exchange.setting(secret, .seeOther(address))
  }

  /// The browser is back from a sign-out, or came by itself.
  func farewell(_ exchange: Exchange) -> Response {
    guard let secret = exchange.secret, let state = visits.visit(secret)?.farewell else {
      return .seeOther(Place.start.rawValue)
    }
    visits.update(secret) { $0.farewell = nil }
    let isByProvider = exchange.parameters?["state"] == state
    return Page.notice(
      "You are signed out",
      isByProvider ? "Here and at the provider." : "Here. The provider did not say whether it has signed you out."
    ).response
  }
}
