import Foundation
import LocalDirectory
import Reconciliation

/// Makes endpoints from their declarations: the one place that knows which driver speaks for which type.
package struct EndpointFactory: Sendable {
  let userAgent: String
  let clock: any Clock<Duration>
  let now: @Sendable () -> Date
  let secret: @Sendable (SecretReference) throws -> Secret
  private let directory: @Sendable (EndpointDeclaration) async throws -> Directory
  /// How often, and for how long, requests are repeated.
  package var retry = RetryPolicy()
  /// The administrator that a server of an embedded directory makes when it first starts.
  package var administrator: String?

  /// - Parameters:
  ///   - userAgent: `rollcall/<version>`.
  ///   - now: the time of day, for what is signed.
  ///   - secret: reads a secret where its reference says.
  ///   - directory: opens the embedded directory of a declaration.
  package init(
    userAgent: String, clock: any Clock<Duration> = ContinuousClock(),
    now: @escaping @Sendable () -> Date = { Date() }, secret: @escaping @Sendable (SecretReference) throws -> Secret,
    directory: @escaping @Sendable (EndpointDeclaration) async throws -> Directory
  ) {
    self.userAgent = userAgent
    self.clock = clock
    self.now = now
    self.secret = secret
    self.directory = directory
  }

  /// The endpoint that a manifest declares; whoever asks for it closes it.
  /// - Throws: `misconfigured` when the declaration cannot be used.
  package func endpoint(for declaration: EndpointDeclaration) async throws(EndpointError) -> any Endpoint {
    switch declaration.driver {
    case .embedded:
      return DirectoryEndpoint(
        name: declaration.name, directory: try await open(declaration), administrator: administrator)
    case .scim2: return try SCIM2Endpoint(try scim2(declaration), clock: clock)
    case .scim1: return try SCIM1Endpoint(try scim1(declaration), clock: clock)
    case .salesforce: return try salesforce(declaration)
    case .spml2: return try SPML2Endpoint(try spml2(declaration), clock: clock)
    case .google: return try google(declaration)
    case .wso2: return try wso2(declaration)
    }
  }

  private func open(_ declaration: EndpointDeclaration) async throws(EndpointError) -> Directory {
    do {
      return try await directory(declaration)
    } catch {
      throw EndpointError(.misconfigured, "endpoint '\(declaration.name)': the directory cannot be opened: \(error)")
    }
  }

  private func scim2(_ declaration: EndpointDeclaration) throws(EndpointError) -> SCIM2Configuration {
    var configuration = SCIM2Configuration(
      name: declaration.name, url: try address(declaration), allowsPlaintext: declaration.allowsPlaintext,
      connection: try connection(declaration))
    configuration.schemas = declaration.schemas
    return configuration
  }

  private func scim1(_ declaration: EndpointDeclaration) throws(EndpointError) -> SCIM1Configuration {
    guard case .scim1(let settings) = declaration.settings else {
      throw EndpointError(.misconfigured, "endpoint '\(declaration.name)' has no `userEndpoint`")
    }
    return SCIM1Configuration(
      name: declaration.name, userEndpoint: settings.userEndpoint, groupEndpoint: settings.groupEndpoint,
      allowsPlaintext: declaration.allowsPlaintext, connection: try connection(declaration),
      schemas: declaration.schemas)
  }

  /// - Parameter rules: what the driver knows of the access tokens that its endpoint takes.
  func connection(
    _ declaration: EndpointDeclaration, tokens rules: AccessTokenRules = AccessTokenRules()
  ) throws(EndpointError) -> ConnectionConfiguration {
    var credential: EndpointCredential?
    if let authentication = declaration.authentication {
      var rules = rules
      rules.allowsPlaintext = declaration.allowsPlaintext
      credential = try EndpointCredential(authentication, tokens: rules, secret: secret)
    }
    return ConnectionConfiguration(
      credential: credential, trust: declaration.trust, limits: declaration.limits, retry: retry,
      userAgent: userAgent, now: now)
  }
}
