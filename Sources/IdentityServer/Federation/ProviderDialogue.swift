import Endpoints
import Foundation
import JSON
import JWTKit
import OpenID
import Reconciliation

/// What we and another provider say to each other without the browser, once that has brought an answer: the code becomes
/// tokens, and they tell who the user is (OpenID Connect Core sections 3.1.3 and 5.3).
struct ProviderDialogue: Sendable {
  /// In characters.
  private static let longestMethod = 32
  private static let mostMethods = 8

  let provider: FederatedProvider
  let documents: ProviderDocuments
  /// As the provider was told when the browser went there.
  let redirectURI: String
  let now: @Sendable () -> Date

  /// Who the user is.
  /// - Throws: ``FederationError``.
  func assertion(for answer: AuthenticationAnswer, to pending: PendingSignIn) async throws -> FederatedAssertion {
    let addresses = try await documents.addresses(of: provider)
    let code = try answer.code(from: addresses)
    let tokens = try await tokens(for: code, pending.proof, addresses)
    guard let idToken = tokens["id_token"]?.string else {
      throw FederationError(.unavailable, "the token endpoint gave no ID token; is openid among the scopes there?")
    }
    let accessToken = tokens["access_token"]?.string
    let claims = try await verified(idToken, addresses)
    let identity = try IDTokenCheck(
      issuer: addresses.issuer, clientID: provider.clientID, nonce: pending.proof.nonce, maxAge: pending.maxAge,
      accessToken: accessToken.map(TokenSecret.init)
    ).identity(in: claims, at: now())
    let all = claims.adding(userInfo: try await userInfo(claims, identity, accessToken, addresses))
    return FederatedAssertion(
      identity, claims: relevant(all), methods: Self.methods(claims["amr"]),
      authenticatedAt: time(claims["auth_time"]))
  }

  private func tokens(
    for code: String, _ proof: CodeProof, _ addresses: ProviderAddresses
  ) async throws -> JSONObject {
    var form = [
      (name: "grant_type", value: "authorization_code"), (name: "code", value: code),
      (name: "redirect_uri", value: redirectURI), (name: "code_verifier", value: proof.verifier),
    ]
    var client: (id: String, secret: Secret)?
    let secret = provider.clientSecret
    switch try addresses.clientAuthentication(hasSecret: secret != nil) {
    case .basic: client = secret.map { (id: provider.clientID, secret: $0) }
    case .post:
      form.append((name: "client_id", value: provider.clientID))
      form.append((name: "client_secret", value: secret?.revealed ?? ""))
    case .none: form.append((name: "client_id", value: provider.clientID))
    }
    do throws(EndpointError) {
      return try await documents.connection(to: provider).answer(
        to: form, at: addresses.token, as: client, secrets: [code, proof.verifier, secret?.revealed ?? ""])
    } catch {
      throw FederationError(error, of: addresses.token)
    }
  }

  /// The claims of a token whose signature a key of the provider has made.
  private func verified(_ token: String, _ addresses: ProviderAddresses) async throws -> JSONObject {
    let head = try TokenHead(of: token)
    let key = try await documents.key(for: head, at: addresses, of: provider)
    do {
      // One key, and it alone says what algorithm it is for.
      let keys = JWTKeyCollection()
      switch key.numbers {
      case .rsa(let modulus, let exponent):
        await keys.add(
          rsa: try Insecure.RSA.PublicKey(modulus: modulus, exponent: exponent), digestAlgorithm: .sha256)
      case .ellipticCurve(let x, let y):
        await keys.add(ecdsa: try ES256PublicKey(parameters: (x: x, y: y)))
      }
      return try await keys.verify(token, as: ClaimSet.self).claims
    } catch {
      throw FederationError(.untrustworthy, "the signature of the ID token is not good: \(error)")
    }
  }

  /// What else the provider tells: asked for where that is configured, or where a claim is missing and it can be asked.
  private func userInfo(
    _ claims: JSONObject, _ identity: FederatedIdentity, _ accessToken: String?, _ addresses: ProviderAddresses
  ) async throws -> JSONObject {
    let isMissing = wanted.contains { claims.claim($0) == nil }
    guard let address = addresses.userInfo, provider.addresses.userInfo != nil || isMissing else { return [:] }
    guard let accessToken else { throw FederationError(.unavailable, "the token endpoint gave no access token") }
    let info: JSONObject
    do throws(EndpointError) {
      info = try await documents.connection(to: provider).document(at: address, token: Secret(accessToken))
    } catch {
      throw FederationError(error, of: address)
    }
    // Core section 5.3.2: or the answer may be about somebody else.
    guard info["sub"]?.string?.isExactly(identity.subject) == true else {
      throw FederationError(.untrustworthy, "the userinfo endpoint tells of somebody else than the ID token")
    }
    return JSONObject(info.filter { !Self.protocolClaims.contains($0.key) }.map { ($0.key, $0.value) })
  }

  private var wanted: Set<String> {
    provider.claims.claims.union(provider.roles.claim.map { [$0] } ?? [])
      .union(provider.policy.association == .verifiedEmail ? ["email"] : [])
  }

  /// Those that anything is made of.
  private func relevant(_ claims: JSONObject) -> JSONObject {
    let names = wanted.union(["email", "email_verified"])
    let heads = names.union(names.compactMap { $0.split(separator: ".").first.map(String.init) })
    return JSONObject(claims.filter { heads.contains($0.key) }.map { ($0.key, $0.value) })
  }

  private static let protocolClaims: Set = [
    "iss", "sub", "aud", "azp", "exp", "iat", "nbf", "nonce", "at_hash", "amr", "auth_time",
  ]

  /// A time that is not to come; nil for what is none.
  private func time(_ claim: JSONValue?) -> Date? {
    guard let seconds = claim?.number?.double, seconds >= 0 else { return nil }
    return Date(timeIntervalSince1970: min(seconds, now().timeIntervalSince1970).rounded(.down))
  }

  private static func methods(_ claim: JSONValue?) -> [String] {
    (claim?.array ?? []).compactMap(\.string).filter { Scopes.isName($0) && $0.count <= longestMethod }
      .prefix(mostMethods).map { $0 }
  }
}
