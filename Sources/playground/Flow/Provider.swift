import Foundation
import JSON
import OpenID

/// The OpenID provider as the application uses it. What it tells of itself is asked for when it is first needed, so that the
/// two may start in either order.
actor Provider {
  private let registration: Registration
  private let transport: Transport
  private let now: @Sendable () -> Date
  private var known: ProviderAddresses?
  private var keys: VerificationKeys?
  /// Where a browser goes to be signed out; nil when the provider has no such place.
  private(set) var endSession: String?

  init(
    _ registration: Registration, _ transport: Transport, now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.registration = registration
    self.transport = transport
    self.now = now
  }

  /// - Throws: `FederationError`, as all calls here.
  func addresses() async throws(FederationError) -> ProviderAddresses {
    if let known { return known }
    let metadata = try await transport.get(ProviderAddresses.discovery(of: registration.issuer))
    let addresses = try ProviderAddresses(metadata, of: registration.issuer)
    if let address = metadata["end_session_endpoint"]?.string {
      endSession = try ProviderAddresses.checked(address, "end_session_endpoint")
    }
    known = addresses
    return addresses
  }

  /// Who has signed in, by the answer that the browser brought back.
  func redeem(
    _ answer: AuthenticationAnswer, to attempt: SignInAttempt, redirectURI: String
  ) async throws(FederationError) -> SignedIn {
    let tokens = try await tokens(
      [
        "grant_type": "authorization_code", "code": try answer.code(from: try await addresses()),
        "redirect_uri": redirectURI, "code_verifier": attempt.proof.verifier,
      ], for: attempt.clientID)
    guard let token = tokens.identity else {
      throw FederationError(.untrustworthy, "there is no ID token in the answer")
    }
    let claims = try await claims(of: token)
    let identity = try check(attempt, tokens).identity(in: claims, at: now())
    return SignedIn(attempt: attempt, identity: identity, tokens: tokens, idToken: token, claims: claims)
  }

  /// The same user with new tokens (RFC 6749 section 6).
  func renew(_ signedIn: SignedIn, by refresh: TokenSecret) async throws(FederationError) -> SignedIn {
    let tokens = try await tokens(
      ["grant_type": "refresh_token", "refresh_token": refresh.text], for: signedIn.attempt.clientID)
    var renewed = signedIn
    renewed.tokens = tokens
    renewed.refreshToken = tokens.refresh ?? refresh
    renewed.renewals += 1
    guard let token = tokens.identity else { return renewed }
    var claims = try await claims(of: token)
    // It need not repeat the nonce, but must not have another (OpenID Connect Core section 12.2).
    if claims["nonce"] == nil { claims["nonce"] = .string(signedIn.attempt.proof.nonce) }
    guard try check(signedIn.attempt, tokens).identity(in: claims, at: now()) == signedIn.identity else {
      throw FederationError(.untrustworthy, "the ID token names another user than before")
    }
    (renewed.idToken, renewed.claims) = (token, claims)
    return renewed
  }

  /// What the userinfo endpoint says; nil where there is none (OpenID Connect Core section 5.3).
  func user(of signedIn: SignedIn) async throws(FederationError) -> JSONObject? {
    guard let endpoint = try await addresses().userInfo else { return nil }
    let user = try await transport.get(endpoint, bearer: signedIn.tokens.access)
    // Another's answer must not be taken for the user's (section 5.3.2).
    guard user["sub"]?.string == signedIn.identity.subject else {
      throw FederationError(.untrustworthy, "the userinfo endpoint tells of another user than the ID token")
    }
    return user
  }

  private func tokens(_ form: [String: String], for clientID: String) async throws(FederationError) -> Tokens {
    let addresses = try await addresses()
    var form = form
    var authorization: String?
    switch try addresses.clientAuthentication(hasSecret: registration.secret != nil) {
    case .basic:
      let pair = "\(FormEncoding.encoded(clientID)):\(FormEncoding.encoded(registration.secret?.text ?? ""))"
      authorization = "Basic \(Data(pair.utf8).base64EncodedString())"
    case .post: (form["client_id"], form["client_secret"]) = (clientID, registration.secret?.text)
    case .none: form["client_id"] = clientID
    }
    let json = try await transport.post(addresses.token, form, authorization: authorization)
    return try Tokens(json, askedFor: registration.scope, at: now())
  }

  /// The claims of a token that one of the provider's keys has signed.
  private func claims(of token: TokenSecret) async throws(FederationError) -> JSONObject {
    let head = try TokenHead(of: token.text)
    if keys?.key(for: head) == nil {
      keys = VerificationKeys(try await transport.get(try await addresses().keys))
    }
    guard let key = keys?.key(for: head) else {
      throw FederationError(.untrustworthy, "the ID token is signed by no key of the provider")
    }
    guard await key.hasSigned(token), let claims = token.claims else {
      throw FederationError(.untrustworthy, "the signature of the ID token is wrong")
    }
    return claims
  }

  private func check(_ attempt: SignInAttempt, _ tokens: Tokens) -> IDTokenCheck {
    IDTokenCheck(
      issuer: registration.issuer, clientID: attempt.clientID, nonce: attempt.proof.nonce, accessToken: tokens.access)
  }
}
