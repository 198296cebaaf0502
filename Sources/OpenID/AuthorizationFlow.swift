import Foundation
import JSON

/// An authorization on its way from the request to the answer: says what comes next, each time the browser comes.
package struct AuthorizationFlow: Hashable, Sendable {
  /// What comes next.
  package enum Step: Hashable, Sendable {
    /// The user proves who they are.
    case login
    /// The user is asked for these scopes.
    case consent(Scopes)
    /// The client gets a code.
    case grant
    /// The client hears that it gets none.
    case refuse(OAuthError)
  }

  /// Who has signed in with the browser.
  package struct Visitor: Hashable, Sendable {
    package var session: UserSession
    /// What names the user to the client.
    package var subject: String
    /// What the user has agreed to before.
    package var consent: Consent?

    package init(session: UserSession, subject: String, consent: Consent? = nil) {
      self.session = session
      self.subject = subject
      self.consent = consent
    }
  }

  package var request: AuthorizationRequest
  /// When the browser first came with the request. What the user does after that counts for it.
  package var startedAt: Date
  /// Of whom the client wants to hear; nil for whoever signs in.
  package var expectedSubject: String?

  package init(_ request: AuthorizationRequest, startedAt: Date, expectedSubject: String? = nil) {
    self.request = request
    self.startedAt = startedAt
    self.expectedSubject = expectedSubject
  }

  /// - Parameter visitor: nil when nobody has signed in.
  package func next(_ visitor: Visitor?, at now: Date) -> Step {
    let isSilent = request.prompts.contains(.none)
    guard let visitor, isFresh(visitor.session, at: now) else {
      return isSilent ? .refuse(OAuthError(.loginRequired, "The user must sign in.")) : .login
    }
    if let expectedSubject, !expectedSubject.isExactly(visitor.subject) {
      if !isSilent, visitor.session.signedInAt < startedAt { return .login }
      return .refuse(OAuthError(.loginRequired, "Another user is signed in than the one who is hinted at."))
    }
    guard needsConsent(visitor.consent) else { return .grant }
    return isSilent
      ? .refuse(OAuthError(.consentRequired, "The user must agree first.")) : .consent(request.scopes)
  }

  /// Whether the session proves as much as is asked for: by the steps of the client, and recently enough.
  private func isFresh(_ session: UserSession, at now: Date) -> Bool {
    guard session.satisfies(request.client.steps) else { return false }
    // Whoever has just signed in for this request need not do so again, unless another provider has told that it was long
    // before that.
    if session.signedInAt >= startedAt {
      let earliest = request.maxAge.map { startedAt.addingTimeInterval(-TimeInterval($0) - IDTokenCheck.tolerance) }
      return session.authenticatedAt >= earliest ?? .distantPast
    }
    if !request.prompts.isDisjoint(with: [.login, .selectAccount]) { return false }
    guard let maxAge = request.maxAge else { return true }
    return now.timeIntervalSince(session.authenticatedAt) <= TimeInterval(maxAge)
  }

  private func needsConsent(_ consent: Consent?) -> Bool {
    let isAnew = (consent?.givenAt ?? .distantPast) < startedAt
    if request.prompts.contains(.consent) { return isAnew }
    if request.client.skipsConsent { return false }
    // Who asks cannot be told, so that what was agreed to before may have been asked by another program.
    if request.client.isPublic, request.redirectURI.isNative { return isAnew }
    return !(consent?.scopes.isSuperset(of: request.scopes) ?? false)
  }
}
