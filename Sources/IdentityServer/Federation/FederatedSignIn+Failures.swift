import HTTPTypes
import HummingbirdCore
import LocalDirectory
import Logging
import OpenID
import SCIM

/// What is told when a sign-in elsewhere comes to nothing: to the user what to do, to the log and the audit the reason, which
/// may hold what strangers sent.
extension FederatedSignIn {
  func failure(
    _ error: FederationError, _ provider: FederatedProvider, _ browser: Browser, _ continuation: Continuation?,
    _ exchange: Exchange
  ) async -> Response {
    let reason = error.text.prefix(Self.longestReason)
    exchange.context.signedLogger.warning(
      "sign-in elsewhere failed", metadata: ["provider": "\(provider.name)", "because": "\(reason)"])
    await trail.record(.federationRefused, by: provider.author(from: exchange.address), String(reason))
    let (title, text, status) = Self.words(error.kind, provider.label)
    return page(title, text, status, browser, continuation)
  }

  func refusal(
    _ refusal: AccountRefusal, _ assertion: FederatedAssertion, _ provider: FederatedProvider, _ browser: Browser,
    _ continuation: Continuation?, _ exchange: Exchange
  ) async -> Response {
    let reason = "\(assertion.identity.subject): \(refusal.reason)"
    exchange.context.signedLogger.notice(
      "sign-in elsewhere refused", metadata: ["provider": "\(provider.name)", "because": "\(reason)"])
    await trail.record(.federationRefused, by: provider.author(from: exchange.address), reason)
    return page(refusal.title, refusal.text(provider.label), .forbidden, browser, continuation)
  }

  /// What the directory says to what it is to keep; in full only in the log.
  func refusal(
    _ error: SCIMError, _ provider: FederatedProvider, _ browser: Browser, _ continuation: Continuation?,
    _ exchange: Exchange
  ) async -> Response {
    exchange.context.signedLogger.error(
      "an account could not be kept up", metadata: ["provider": "\(provider.name)", "because": "\(error.detail)"])
    await trail.record(.federationRefused, by: provider.author(from: exchange.address), error.detail)
    let isOutbound = error.status == 502
    let text =
      isOutbound
      ? "Your account is here, but another system that needs to know it does not answer yet. Try again in a moment."
      : "What \(provider.label.isolated) says of you cannot be kept here. Ask an administrator about it."
    return page("You are not signed in", text, isOutbound ? .badGateway : .forbidden, browser, continuation)
  }

  /// In characters.
  private static let longestReason = 500

  private func page(
    _ title: String, _ text: String, _ status: HTTPResponse.Status, _ browser: Browser, _ continuation: Continuation?
  ) -> Response {
    let back = continuation.map { "?continue=\(browser.token(of: $0))" } ?? ""
    return Page.notice(title, text, status: status, link: ("Sign in again", SignIn.path + back))
      .response(settingCookies: browser.settingCookies)
  }

  private static func words(
    _ kind: FederationError.Kind, _ provider: String
  ) -> (title: String, text: String, status: HTTPResponse.Status) {
    switch kind {
    case .denied(.accessDenied?):
      ("You are not signed in", "You did not sign in at \(provider), or it does not let you in.", .forbidden)
    case .denied(let code?):
      (
        "You are not signed in",
        "\(provider) has answered with the error \(code.rawValue). Try again, or tell an administrator.",
        .badGateway
      )
    case .denied(nil):
      (
        "You are not signed in", "\(provider) has answered with an error. Try again, or tell an administrator.",
        .badGateway
      )
    case .untrustworthy:
      (
        "You are not signed in",
        "The answer of \(provider) could not be trusted, so that nobody was signed in. Try again, or tell an administrator.",
        .badGateway
      )
    case .unavailable:
      ("You cannot sign in just now", "\(provider) does not answer as it should. Try again in a moment.", .badGateway)
    case .misconfigured:
      (
        "You cannot sign in just now",
        "Signing in with \(provider) is not set up as it must be. Tell an administrator.", .serviceUnavailable
      )
    }
  }
}
