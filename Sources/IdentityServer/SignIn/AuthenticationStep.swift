import Foundation
import HummingbirdCore
import OpenID

/// A way to prove who one is that begins on the sign-in page and goes on elsewhere, such as at an identity provider. What
/// the user shows there ends in ``SignIn/complete(_:_:_:_:)``.
protocol AuthenticationStep: Sendable {
  /// The ways that can be offered now, of those that the step of a client names, in their order.
  func choices(for step: Client.Step) async throws -> [SignInChoice]

  /// Sends the browser on its way.
  /// - Parameter choice: the name of one of the choices.
  func begin(_ choice: String, _ attempt: SignInAttempt, _ exchange: Exchange) async throws -> Response
}

/// One of several ways to sign in, as the user sees it.
struct SignInChoice: Hashable, Sendable {
  /// Of the identity provider: `is2`.
  let name: String
  /// For people: `Partner`.
  let label: String
}

/// Somebody is about to sign in.
struct SignInAttempt: Sendable {
  let browser: Browser
  /// Where the browser goes afterwards; nil when it came by itself.
  let continuation: Continuation?
  /// The client that sent the browser, when one did.
  let client: Client?
  /// Who has signed in with the browser already.
  let current: SignedIn?

  /// What is asked for next: the first step that was not passed since the browser set out.
  var step: Client.Step {
    let steps = client?.steps ?? [.password]
    guard let session = current?.session, let start = continuation?.startedAt, session.signedInAt >= start else {
      return steps.first ?? .password
    }
    return steps.first { !session.satisfies([$0]) } ?? steps.first ?? .password
  }
}
