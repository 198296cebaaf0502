import Foundation
import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import OpenID
import SCIM

/// Where browsers come back from other providers (`/commonauth`, as in WSO2 Identity Server, or a path below it), and where
/// newcomers answer what they are asked.
struct FederationService: WebService {
  static let path = "/commonauth"
  static let accountPath = "/commonauth/account"
  /// In bytes; a form brings back what the provider has said of the user.
  static let maxFormSize = 1 << 16

  let elsewhere: FederatedSignIn
  let signIn: SignIn

  init(_ elsewhere: FederatedSignIn, signIn: SignIn) {
    self.elsewhere = elsewhere
    self.signIn = signIn
  }

  func owns(_ path: String) -> Bool { path == Self.accountPath || Self.isCallback(path) }

  /// Whether browsers may come back here: at the usual path, or at a name below it that is a provider's alone.
  static func isCallback(_ path: String) -> Bool {
    guard path.hasPrefix(Self.path + "/") else { return path == Self.path }
    let name = path.utf8.dropFirst(Self.path.utf8.count + 1)
    let isPlain = name.allSatisfy { Scopes.isName(String(UnicodeScalar($0))) && !"/?#%".utf8.contains($0) }
    return !name.isEmpty && isPlain && path != accountPath
  }

  func response(to refusal: Refusal) -> Response { .page(refusal) }

  func respond(to exchange: Exchange) async throws -> Response {
    switch (exchange.request.method, exchange.path == Self.accountPath) {
    case (.get, false): return try await comeBack(exchange)
    case (.post, true): return try await answer(exchange)
    case (_, false): throw Refusal.methodNotAllowed([.get])
    case (_, true): throw Refusal.methodNotAllowed([.post])
    }
  }

  private func comeBack(_ exchange: Exchange) async throws -> Response {
    let parameters: [String: String]
    do throws(OAuthError) {
      parameters = try FormParameters(parsing: exchange.request.uri.query ?? "").values
    } catch {
      throw Refusal.unusable(error)
    }
    let (federation, browser) = (elsewhere.federation, signIn.browser(of: exchange))
    guard let pending = PendingSignIn(parameters["state"], from: browser, federation.box, at: federation.now()),
      let provider = try await elsewhere.provider(pending.provider),
      // Where each provider has a path of its own, the answer of one is not taken for that of another (RFC 9700 section
      // 4.4.2.2).
      exchange.path.isExactly(provider.callbackPath)
    else { throw Refusal.strayAnswer }
    do {
      let dialogue = ProviderDialogue(
        provider: provider, documents: federation.documents, redirectURI: elsewhere.redirectURI(provider, exchange),
        now: federation.now)
      let assertion = try await dialogue.assertion(for: AuthenticationAnswer(parameters), to: pending)
      let account = PendingAccount(provider.name, assertion, pending.continuation, startedAt: federation.now())
      return try await finish(account, provider, exchange)
    } catch let error as FederationError {
      return await elsewhere.failure(error, provider, browser, pending.continuation, exchange)
    }
  }

  /// Signs the user in, if there is an account or one can be made.
  /// - Parameter answers: nil before the user was asked anything.
  func finish(
    _ pending: PendingAccount, _ provider: FederatedProvider, _ exchange: Exchange,
    _ answers: JustInTimeProvisioning.Answers? = nil
  ) async throws -> Response {
    let attempt = try await signIn.attempt(exchange, pending.continuation)
    let provisioning = JustInTimeProvisioning(
      directory: elsewhere.directory, administrators: elsewhere.federation.administrators, trail: elsewhere.trail,
      provider: provider, author: provider.author(from: exchange.address))
    do {
      let refusal: AccountRefusal
      switch try await provisioning.account(for: pending.assertion, answers) {
      case .question(let name): return try question(pending, provider, attempt.browser, name)
      case .account(let id):
        let proof = Proof.federated(
          provider.name, methods: pending.assertion.methods, at: pending.assertion.authenticatedAt)
        if let done = try await signIn.complete(id, proof, attempt, exchange) { return done }
        refusal = .inactive
      case .refused(let reason): refusal = reason
      }
      if let answers, let problem = refusal.problem(with: answers) {
        return try question(pending, provider, attempt.browser, answers.userName ?? "", problem: problem)
      }
      return await elsewhere.refusal(
        refusal, pending.assertion, provider, attempt.browser, pending.continuation, exchange)
    } catch let error as SCIMError {
      // What is wrong with a password, whoever chose it can mend.
      if let answers, answers.password != nil, error.status == 400 {
        return try question(pending, provider, attempt.browser, answers.userName ?? "", problem: error.detail)
      }
      return await elsewhere.refusal(error, provider, attempt.browser, pending.continuation, exchange)
    }
  }
}

extension Refusal {
  /// An answer that this browser did not go for, or not lately; or cookies that did not come back.
  fileprivate static let strayAnswer = Refusal(
    error: SCIMError(
      status: 400, nil,
      "This browser has not gone to sign in elsewhere from here, or it is too long ago, or cookies are switched off. Go"
        + " back to the application and try again."))
}
