import Foundation
import JSON
import Reconciliation
import SCIM

/// Finds out whether endpoints can be reached and used, and what of theirs ends soon. Only reads.
package struct EndpointProber: Sendable {
  private let factory: EndpointFactory

  package init(_ factory: EndpointFactory) {
    var factory = factory
    // Whoever probes waits for the answer, and wants to hear of the first refusal.
    factory.retry = RetryPolicy(attempts: 2, patience: .seconds(5))
    self.factory = factory
  }

  /// Reaches the server, then signs in and reads one page.
  package func probe(_ declaration: EndpointDeclaration) async -> ProbeResult {
    var result = ProbeResult(
      declaration.key, type: declaration.driver.rawValue, address: declaration.address,
      expiries: declaredExpiries(of: declaration))
    if let address = declaration.address {
      await greet(address, declaration.trust, &result, at: declaration.location)
      guard result.failure == nil else { return result }
    }
    do throws(EndpointError) {
      let endpoint = try await factory.endpoint(for: declaration)
      result.user = endpoint.ownUserName
      await ask(endpoint, declaration, &result)
      await endpoint.close()
    } catch {
      result.credentials = .refused(error.message)
    }
    return result
  }

  /// Reaches the server of an identity provider; nil for one that names none, or is not enabled.
  package func probe(identityProvider resource: DesiredResource) async -> ProbeResult? {
    guard let server = resource.signInServer else { return nil }
    var result = ProbeResult(
      resource.key, type: "openidconnect", address: server.address,
      expiries: trustExpiry(server.trust, of: resource.key, at: resource.location))
    await greet(server.address, server.trust, &result, at: resource.location)
    return result
  }

  /// What of an endpoint ends at a known moment: tokens that say so, what it trusts, and the certificate of its server, whose
  /// connection ends with the handshake.
  package func expiries(of declaration: EndpointDeclaration) async -> [ExpiryFinding] {
    let shown = await certificateExpiry(at: declaration.address, of: declaration.key, at: declaration.location)
    return declaredExpiries(of: declaration) + shown
  }

  /// The same of the server of an identity provider; nothing for one that names none, or is not enabled.
  package func expiries(ofIdentityProvider resource: DesiredResource) async -> [ExpiryFinding] {
    guard let server = resource.signInServer else { return [] }
    let shown = await certificateExpiry(at: server.address, of: resource.key, at: resource.location)
    return trustExpiry(server.trust, of: resource.key, at: resource.location) + shown
  }

  // MARK: Asking

  private func greet(
    _ address: String, _ trust: EndpointDeclaration.Trust, _ result: inout ProbeResult, at location: SourceLocation?
  ) async {
    do throws(EndpointError) {
      let greeting = try await ServerGreeting.ask(
        address, trusting: trust, userAgent: factory.userAgent, now: factory.now)
      result.latency = greeting.latency
      result.clockSkew = greeting.clockSkew
      result.certificate = greeting.certificate
    } catch {
      result.failure = error.message
      // Whose certificate is not trusted is worth knowing all the more.
      if error.kind == .misconfigured { result.certificate = await ServerGreeting.certificate(at: address) }
    }
    guard let certificate = result.certificate else { return }
    result.expiries.append(
      ExpiryFinding(result.owner, .certificate, expiresAt: certificate.validUntil, location: location))
  }

  private func ask(
    _ endpoint: any Endpoint, _ declaration: EndpointDeclaration, _ result: inout ProbeResult
  ) async {
    let declared: ProbeResult.Credentials = declaration.authentication == nil ? .none : .accepted
    do throws(EndpointError) {
      let capabilities = try await endpoint.capabilities()
      result.capabilities = capabilities
      let types = capabilities.catalog.resourceTypes
      // Some tell everybody what they can do, so that only resources show whether we may read.
      guard let type = types.first(where: { $0.name == "User" }) ?? types.first else { return }
      _ = try await endpoint.page(of: type, at: nil)
      result.credentials = declared
    } catch {
      switch error.kind {
      case .unauthorized, .forbidden, .misconfigured: result.credentials = .refused(error.message)
      default: result.failure = error.message
      }
    }
  }

  private func certificateExpiry(
    at address: String?, of owner: ResourceKey, at location: SourceLocation?
  ) async -> [ExpiryFinding] {
    guard let address, let certificate = await ServerGreeting.certificate(at: address) else { return [] }
    return [ExpiryFinding(owner, .certificate, expiresAt: certificate.validUntil, location: location)]
  }

  // MARK: What the manifests say

  private func declaredExpiries(of declaration: EndpointDeclaration) -> [ExpiryFinding] {
    let token: Date? =
      if case .bearer(let reference, let expiresAt)? = declaration.authentication {
        // What the token says of itself counts for more than what somebody wrote down.
        (try? factory.secret(reference)).flatMap(TokenEnd.date) ?? expiresAt
      } else { nil }
    let found = token.map { ExpiryFinding(declaration.key, .token, expiresAt: $0, location: declaration.location) }
    return [found].compactMap { $0 } + trustExpiry(declaration.trust, of: declaration.key, at: declaration.location)
  }

  private func trustExpiry(
    _ trust: EndpointDeclaration.Trust, of owner: ResourceKey, at location: SourceLocation?
  ) -> [ExpiryFinding] {
    guard case .caFile(let path) = trust, let end = ServerCertificate.lastEnd(inFile: path) else { return [] }
    return [ExpiryFinding(owner, .caFile, expiresAt: end, location: location)]
  }
}

extension EndpointDeclaration {
  /// How findings name it.
  fileprivate var key: ResourceKey { ResourceKey("Endpoint", name) }

  /// Where its server is; nil for one in process.
  fileprivate var address: String? {
    if let url { return url }
    return switch settings {
    case .scim1(let settings): settings.userEndpoint
    case .google: GoogleSettings.defaultURL
    case .none where driver == .google: GoogleSettings.defaultURL
    case .none, .spml2, .salesforce, .wso2: nil
    }
  }
}

extension DesiredResource {
  /// The server with which users sign in at an identity provider, and whom it is trusted by; nil where there is none.
  fileprivate var signInServer: (address: String, trust: EndpointDeclaration.Trust)? {
    guard attributes["enabled"]?.bool != false, let authenticator = attributes["authenticators"]?.array?.first?.object,
      let address = authenticator.server
    else { return nil }
    return (address, authenticator.trust(besides: location))
  }
}

extension JSONObject {
  /// The server that codes are brought to.
  fileprivate var server: String? {
    ["tokenEndpoint", "issuer", "authorizationEndpoint"].lazy.compactMap { self[$0]?.string }.first
  }

  /// Whom an authenticator trusts. A file is looked for beside the manifest.
  fileprivate func trust(besides location: SourceLocation) -> EndpointDeclaration.Trust {
    guard let tls = self["tls"]?.object else { return .system }
    if let file = tls["caFile"]?.string {
      let beside = URL(fileURLWithPath: location.file).deletingLastPathComponent().appending(path: file).path
      return .caFile(FileManager.default.fileExists(atPath: beside) ? beside : file)
    }
    if let pin = tls["pinnedSHA256"]?.string { return .pinned(sha256: pin) }
    return tls["insecureSkipVerify"]?.bool == true ? .insecureSkipVerify : .system
  }
}
