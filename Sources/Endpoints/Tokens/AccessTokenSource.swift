import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Reconciliation
import Synchronization

/// Where the access tokens of a connection come from: asked for when the first is needed, kept until shortly before they
/// expire, and asked for by one request while the others wait.
final class AccessTokenSource: Sendable {
  private enum State {
    case none
    /// `isDoubted`: a request with it was refused, and with the one before it.
    case token(AccessToken, staleAt: Duration?, isDoubted: Bool)
    /// A refusal that asking again would not change.
    case refused(EndpointError, until: Duration)
  }

  private let grant: AccessTokenGrant
  private let transport: HTTPTransport
  private let timeline: Timeline
  private let now: @Sendable () -> Date
  private let state = Mutex(State.none)
  /// Lets one request ask while the others wait for what it gets.
  private let asking = RequestWindow(size: 1)

  /// - Parameters:
  ///   - configuration: of the connection that the tokens are for.
  ///   - base: the address of that connection.
  /// - Throws: `misconfigured` when the trust cannot be used.
  init(
    _ grant: AccessTokenGrant, _ configuration: ConnectionConfiguration, base: String, clock: any Clock<Duration>
  ) throws(EndpointError) {
    self.grant = grant
    timeline = Timeline(clock)
    now = configuration.now
    var configuration = configuration
    configuration.credential = grant.client
    configuration.trust = Self.trust(configuration.trust, of: base, at: grant.tokenURL)
    transport = try HTTPTransport(configuration, base: grant.tokenURL, format: .form)
  }

  func close() async { await transport.shutdown() }

  /// A token to send.
  /// - Throws: `unreachable` when the token endpoint gives none just now, so that the request it was for has surely not been
  ///   sent; otherwise why it never will.
  func token() async throws(EndpointError) -> AccessToken {
    if let token = try usable() { return token }
    return try await asking.withPlace { () throws(EndpointError) -> AccessToken in
      if let token = try usable() { return token }
      return try await renew()
    }
  }

  /// Another token instead of one that the endpoint refused; nil when the one before it was refused as well, so that it is
  /// not the token that is wrong.
  func replacement(for refused: AccessToken) async throws(EndpointError) -> AccessToken? {
    let isHopeless = state.withLock { state in
      guard case .token(refused, _, let isDoubted) = state else { return false }
      if !isDoubted { state = .none }
      return isDoubted
    }
    return isHopeless ? nil : try await token()
  }

  /// Takes note of what the endpoint made of a token that took the place of a refused one.
  func doubt(_ token: AccessToken, _ isDoubted: Bool) {
    state.withLock { state in
      guard case .token(token, let staleAt, let wasDoubted) = state, wasDoubted != isDoubted else { return }
      state = .token(token, staleAt: staleAt, isDoubted: isDoubted)
    }
  }

  private func usable() throws(EndpointError) -> AccessToken? {
    switch state.withLock({ $0 }) {
    case .token(let token, let staleAt, _) where staleAt.map({ timeline.now < $0 }) ?? true: return token
    case .refused(let error, let until) where timeline.now < until: throw error
    case .none, .token, .refused: return nil
    }
  }

  private func renew() async throws(EndpointError) -> AccessToken {
    let asked = timeline.now
    do throws(EndpointError) {
      let token = try await ask()
      // A fifth of its life is kept in hand: for the request that is on its way when it ends.
      let staleAt = token.lifetime.map { asked + $0 * 0.8 }
      state.withLock { $0 = .token(token, staleAt: staleAt, isDoubted: false) }
      return token
    } catch {
      if error.isTransient, error.retryAfter == nil { throw EndpointError(.unreachable, error.message) }
      if !error.isTransient, error.kind != .cancelled {
        state.withLock { $0 = .refused(error, until: timeline.now + Self.pauseAfterRefusal) }
      }
      throw error
    }
  }

  private func ask() async throws(EndpointError) -> AccessToken {
    let form = try await form()
    var request = EndpointRequest(.POST, "", secrets: grant.secrets + form.secrets)
    request.content = .init(mediaType: MessageFormat.form.contentType, bytes: Array(form.text.utf8))
    request.expected = [400, 401, 403]
    let answer = try await transport.send(request)
    let body = try? answer.object()
    guard answer.status < 300 else {
      let refusal = EndpointError(status: answer.status, headers: answer.headers, body: answer.body.readableBytesView)
      throw refusal.refusingToken(by: grant, body).redacting(request.secrets)
    }
    return try AccessToken(body)
  }

  private func form() async throws(EndpointError) -> (text: String, secrets: [String]) {
    var fields: [(name: String, value: String)]
    var secrets: [String] = []
    switch grant.proof {
    case .clientCredentials: fields = [("grant_type", "client_credentials")]
    case .assertion(let assertion):
      let token = try await assertion.token(at: now())
      fields = [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", token)]
      secrets = [token]
    }
    if !grant.scopes.isEmpty { fields.append(("scope", grant.scopes.joined(separator: " "))) }
    return (fields.map { "\($0.name)=\(SCIM2Address.encode($0.value))" }.joined(separator: "&"), secrets)
  }

  /// A pinned certificate is that of one server, so it says nothing of a token endpoint elsewhere.
  private static func trust(
    _ trust: EndpointDeclaration.Trust, of base: String, at tokenURL: String
  ) -> EndpointDeclaration.Trust {
    guard case .pinned = trust, origin(base) != origin(tokenURL) else { return trust }
    return .system
  }

  private static func origin(_ url: String) -> String? {
    URLComponents(string: url).map { "\($0.scheme ?? "")://\($0.host ?? ""):\($0.port ?? 0)".lowercased() }
  }

  private static let pauseAfterRefusal = Duration.seconds(30)
}
