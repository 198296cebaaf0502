import HTTPTypes
import HummingbirdCore
import LocalDirectory
import OpenID
import SCIM

/// The page on which users sign in.
struct SignInService: WebService {
  /// In bytes.
  private static let maxFormSize = 1 << 14

  private let signIn: SignIn
  /// Ways beside the name and password.
  private let step: (any AuthenticationStep)?

  init(_ signIn: SignIn, step: (any AuthenticationStep)? = nil) {
    self.signIn = signIn
    self.step = step
  }

  func owns(_ path: String) -> Bool { path == SignIn.path }

  func response(to refusal: Refusal) -> Response { .page(refusal) }

  func respond(to exchange: Exchange) async throws -> Response {
    switch exchange.request.method {
    case .get: try await show(exchange)
    case .post: try await submit(exchange)
    default: throw Refusal.methodNotAllowed([.get, .post])
    }
  }

  private func show(_ exchange: Exchange) async throws -> Response {
    let query = try QueryParameters(exchange.request.uri.query)
    let attempt = try await signIn.attempt(exchange, continuation: query["continue"])
    if attempt.continuation == nil, let current = attempt.current { return Self.welcome(current) }
    let choices = try await choices(attempt)
    // Where there is one way, and it is elsewhere, nobody need be asked.
    if attempt.step.local.isEmpty, choices.count == 1, let only = choices.first, let step {
      return try await step.begin(only.name, attempt, exchange)
    }
    return page(attempt, choices)
  }

  private func submit(_ exchange: Exchange) async throws -> Response {
    let form = try await exchange.request.pageForm(maxSize: Self.maxFormSize)
    let attempt = try await signIn.attempt(exchange, continuation: form["continue"])
    guard attempt.browser.isFormToken(form["form_token"], for: SignIn.path) else {
      return page(attempt, try await choices(attempt), problem: "This page was too old. Please try again.", .forbidden)
    }
    let choices = try await choices(attempt)
    if let name = form["with"], let step {
      guard choices.contains(where: { $0.name == name }) else { throw Refusal.notFound }
      return try await step.begin(name, attempt, exchange)
    }
    guard attempt.step.local.contains("basic") else { throw Refusal.notFound }
    return try await checkPassword(form, attempt, choices, exchange)
  }

  private func checkPassword(
    _ form: [String: String], _ attempt: SignInAttempt, _ choices: [SignInChoice], _ exchange: Exchange
  ) async throws -> Response {
    let userName = form["username"] ?? ""
    do {
      let credential = Credential.basic(userName: userName, password: form["password"] ?? "")
      let principal = try await exchange.authenticated(by: credential)
      if let id = principal.userID, let done = try await signIn.complete(id, .password, attempt, exchange) {
        return done
      }
    } catch let refusal as Refusal where refusal.error.status == 429 {
      var response = page(attempt, choices, userName: userName, problem: refusal.error.detail, .tooManyRequests)
      response.headers[.retryAfter] = refusal.headers[.retryAfter]
      return response
    } catch let refusal as Refusal where refusal.error.status == 401 {}
    // The same words whether there is such a user or not.
    let problem = "The user name or the password is wrong."
    return page(attempt, choices, userName: userName, problem: problem, .forbidden)
  }

  private func choices(_ attempt: SignInAttempt) async throws -> [SignInChoice] {
    guard let step, !attempt.step.federated.isEmpty else { return [] }
    return try await step.choices(for: attempt.step)
  }

  private func page(
    _ attempt: SignInAttempt, _ choices: [SignInChoice], userName: String? = nil, problem: String? = nil,
    _ status: HTTPResponse.Status = .ok
  ) -> Response {
    let takesPassword = attempt.step.local.contains("basic")
    guard takesPassword || !choices.isEmpty else {
      let text = "None of the ways to sign in that this application asks for is available."
      return Page.notice("You cannot sign in", text, status: .serviceUnavailable).response()
    }
    let hint = attempt.continuation.flatMap { try? FormParameters(parsing: $0.query).values["login_hint"] }
    let page = Page(
      "login", title: "Sign in", status: status, formsLeadAway: true,
      [
        "client": (attempt.client?.name).map(PageContent.text), "problem": problem.map(PageContent.text),
        "password": .flag(takesPassword), "username": (userName ?? hint).map(PageContent.text),
        "form_token": .text(attempt.browser.formToken(for: SignIn.path)),
        "continue": attempt.continuation.map { .text(attempt.browser.token(of: $0)) },
        "choices": .list(choices.map { ["name": .text($0.name), "label": .text($0.label)] }),
      ])
    return page.response(settingCookies: attempt.browser.settingCookies)
  }

  private static func welcome(_ signedIn: SignedIn) -> Response {
    Page.notice(
      "You are signed in", "You are signed in as \(signedIn.userName.isolated).", link: ("Sign out", LogoutService.path)
    ).response()
  }
}

extension Request {
  /// The fields of a form that a page has sent.
  /// - Throws: ``Refusal`` 400 for what no page of ours sends.
  func pageForm(maxSize: Int) async throws -> [String: String] {
    do {
      return try await form(maxSize: maxSize)
    } catch let error as OAuthError {
      throw Refusal.unusable(error)
    }
  }
}

extension Refusal {
  /// What a browser brought that cannot be used, told to whoever sits before it.
  static func unusable(_ error: OAuthError) -> Refusal {
    Refusal(error: SCIMError(status: 400, .invalidValue, error.text))
  }
}
