import Foundation
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID

/// Signs users in: what all ways to do so have in common, from the first request to the session.
struct SignIn: Sendable {
  static let path = "/login"

  private let directory: Directory
  private let configuration: ServerConfiguration
  private let sessions: Sessions
  private let now: @Sendable () -> Date

  init(directory: Directory, configuration: ServerConfiguration, provider: OpenIDProvider) {
    self.directory = directory
    self.configuration = configuration
    sessions = provider.sessions
    now = provider.now
  }

  func browser(of exchange: Exchange) -> Browser {
    Browser(of: exchange.request, Cookies(configuration, exchange.context))
  }

  /// Who has signed in with the browser that sends the request.
  func current(of exchange: Exchange) async throws -> SignedIn? {
    try await sessions.current(of: exchange.request, Cookies(configuration, exchange.context))
  }

  /// Sends the browser to the sign-in page, and from there to a path of ours.
  func demand(_ exchange: Exchange, then continuation: Continuation) -> Response {
    let browser = browser(of: exchange)
    return .seeOther(
      "\(Self.path)?continue=\(browser.token(of: continuation))", settingCookies: browser.settingCookies)
  }

  /// - Parameter token: what ``demand(_:then:)`` has sent the browser with.
  func attempt(_ exchange: Exchange, continuation token: String?) async throws -> SignInAttempt {
    try await attempt(exchange, browser(of: exchange).continuation(token))
  }

  /// - Parameter continuation: where the browser set out for, which it has shown.
  func attempt(_ exchange: Exchange, _ continuation: Continuation?) async throws -> SignInAttempt {
    SignInAttempt(
      browser: browser(of: exchange), continuation: continuation, client: try await client(continuation),
      current: try await current(of: exchange))
  }

  /// Makes a session for a user who has shown enough, and sends the browser where it was going.
  /// - Parameter browser: the one that the user has been seen in all the way.
  /// - Returns: nil when the user is gone or not active.
  func complete(
    _ userID: String, _ proof: Proof, _ attempt: SignInAttempt, _ exchange: Exchange
  ) async throws -> Response? {
    let start = attempt.continuation?.startedAt ?? now()
    guard
      let (secret, _) = try await sessions.begin(
        userID, proof, after: attempt.current, since: start, from: exchange.address.text)
    else { return nil }
    let browser = attempt.browser.renewed(session: secret)
    let cookies = Cookies(configuration, exchange.context)
    return .seeOther(
      Self.location(attempt.continuation, browser),
      settingCookies: browser.settingCookies + [cookies.setting(.session, secret.text)])
  }

  /// Ends the session of the browser, and takes its cookies back.
  func end(_ signedIn: SignedIn, everywhere: Bool, _ exchange: Exchange) async throws -> [String] {
    try await sessions.end(signedIn, everywhere: everywhere, from: exchange.address.text)
    let cookies = Cookies(configuration, exchange.context)
    return Cookies.Kind.allCases.map(cookies.clearing)
  }

  /// An authorization goes on with what the browser set out with; every other path is what it is.
  private static func location(_ continuation: Continuation?, _ browser: Browser) -> String {
    guard let continuation else { return path }
    if continuation.path == AuthorizationService.path {
      return "\(continuation.path)?flow=\(browser.token(of: continuation))"
    }
    return continuation.query.isEmpty ? continuation.path : "\(continuation.path)?\(continuation.query)"
  }

  private func client(_ continuation: Continuation?) async throws -> Client? {
    guard let continuation, continuation.path == AuthorizationService.path,
      let id = try? FormParameters(parsing: continuation.query).values["client_id"]
    else { return nil }
    return try await directory.client(named: id)
  }
}
