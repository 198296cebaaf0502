import Foundation
import HummingbirdCore
import JSON
import LocalDirectory
import Logging
import OpenID
import Reconciliation
import SCIM

/// Signing in at other providers: sends browsers there.
struct FederatedSignIn: AuthenticationStep {
  /// In bytes, of what the application has asked for: it goes to the provider and back in an address.
  private static let maxQuerySize = 2000

  let directory: Directory
  let configuration: ServerConfiguration
  let federation: Federation
  let trail: AccessTrail
  let logger: Logger

  func choices(for step: Client.Step) async throws -> [SignInChoice] {
    let providers = try await providers()
    return step.federated.compactMap { name in
      providers.first { $0.name == name }.map { SignInChoice(name: $0.name, label: $0.label) }
    }
  }

  func begin(_ choice: String, _ attempt: SignInAttempt, _ exchange: Exchange) async throws -> Response {
    guard let provider = try await provider(choice) else { throw Refusal.notFound }
    let query = attempt.continuation?.query ?? ""
    guard query.utf8.count <= Self.maxQuerySize else {
      throw Refusal(
        error: SCIMError(status: 400, nil, "What the application asks for is too long to sign in elsewhere."))
    }
    if provider.trust == .insecureSkipVerify {
      logger.warning("any certificate will do for an identity provider", metadata: ["provider": "\(provider.name)"])
    }
    do {
      let addresses = try await federation.documents.addresses(of: provider)
      let asked = (try? FormParameters(parsing: query).values) ?? [:]
      let pending = PendingSignIn(
        provider.name, CodeProof(random: TokenSecret.systemRandom()), attempt.continuation,
        maxAge: asked["max_age"].flatMap { Int($0) }, startedAt: federation.now())
      var request = AuthenticationRequest(
        clientID: provider.clientID, redirectURI: redirectURI(provider, exchange), scopes: provider.scopes,
        state: try pending.state(for: attempt.browser, federation.box), proof: pending.proof)
      let prompts = (asked["prompt"] ?? "").split(separator: " ")
      // Who wants to see the user sign in wants it there, for here nothing is shown.
      request.prompt = ["login", "select_account"].first { prompts.contains(Substring($0)) }
      request.maxAge = pending.maxAge
      request.loginHint = asked["login_hint"]
      return .seeOther(
        request.location(at: addresses.authorization), settingCookies: attempt.browser.settingCookies)
    } catch let error as FederationError {
      return await failure(error, provider, attempt.browser, attempt.continuation, exchange)
    }
  }

  /// Where the provider sends browsers back to.
  func redirectURI(_ provider: FederatedProvider, _ exchange: Exchange) -> String {
    provider.callbackURL
      ?? BaseAddress(of: exchange.request, to: exchange.context, configuration, path: FederationService.path).text
  }

  /// The provider of this name; nil when there is none to sign in with.
  func provider(_ name: String) async throws -> FederatedProvider? {
    try await providers().first { $0.name == name }
  }

  private func providers() async throws -> [FederatedProvider] {
    guard let type = directory.catalog.resourceType("IdentityProvider") else { return [] }
    return try await directory.disclosed(type).compactMap { resource in
      do throws(FederationError) {
        return try FederatedProvider(resource, directory.catalog)
      } catch {
        logger.error(
          "an identity provider cannot be used",
          metadata: ["provider": "\(resource["name"]?.string ?? "")", "because": "\(error.text)"])
        return nil
      }
    }
  }
}
