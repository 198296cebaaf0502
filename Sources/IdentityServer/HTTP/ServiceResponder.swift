import HTTPTypes
import Hummingbird
import HummingbirdCore
import LocalDirectory
import Logging
import NIOHTTP1
import SCIM

/// Answers every request: hands it to the service that its path belongs to, counts it, and writes one line into the log.
struct ServiceResponder: HTTPResponder, CustomStringConvertible {
  private let authenticator: any Authenticator
  private let metrics: ServerMetrics
  private let maxTargetSize: Int
  private let trustedProxies: Set<String>
  private let strictTransportSecurity: String?
  private let logger: Logger
  /// Answers what is below its own path, which is most of what is asked, and refuses what nobody owns.
  private let scim: any WebService
  /// The first that owns a path answers.
  private let others: [any WebService]

  init(
    directory: Directory, configuration: ServerConfiguration, authenticator: any Authenticator, tokens: AccessTokens,
    provider: OpenIDProvider, federation: Federation, metrics: ServerMetrics, logger: Logger,
    provisioning: OutboundProvisioning?, controllers: @escaping @Sendable () throws -> (any ControllerStorage)?,
    certificate: ServerCertificate?
  ) {
    self.logger = logger
    self.authenticator = authenticator
    self.metrics = metrics
    maxTargetSize = configuration.limits.maxTargetSize
    trustedProxies = configuration.trustedProxies
    strictTransportSecurity = configuration.strictTransportSecurity
    let signIn = SignIn(directory: directory, configuration: configuration, provider: provider)
    let elsewhere = FederatedSignIn(
      directory: directory, configuration: configuration, federation: federation, trail: provider.trail, logger: logger)
    let proxied = ProxiedApplications(provisioning: provisioning, trail: provider.trail)
    let grants = Grants(provider, directory: directory, tokens: tokens)
    scim = SCIMService(directory: directory, configuration: configuration, proxied: proxied)
    others = [
      HealthService(directory: directory),
      MetricsService(directory: directory, configuration: configuration, metrics: metrics),
      ProvisioningService(provisioning),
      AuditService(directory: directory, log: provider.trail.log, now: provider.now),
      AccessService(directory: directory),
      IconService(),
      SCIM1Service(directory: directory, configuration: configuration, proxied: proxied),
      OAuthService(directory: directory, tokens: tokens, provider: provider, grants: grants),
      ClientSecretService(directory: directory),
      AuthorizationService(
        directory: directory, configuration: configuration, provider: provider, signIn: signIn, grants: grants),
      ProviderService(directory: directory, configuration: configuration, provider: provider, tokens: tokens),
      SignInService(signIn, step: elsewhere),
      FederationService(elsewhere, signIn: signIn),
      LogoutService(directory: directory, provider: provider, signIn: signIn),
      AssetService(),
      ConsoleService(
        signIn: signIn,
        ConsoleSurroundings(
          directory: directory, provisioning: provisioning, accessLog: provider.trail.log, tokens: tokens,
          controllers: controllers, certificate: certificate, now: provider.now)),
      SOAPService(
        directory: directory, configuration: configuration, authenticator: authenticator, proxied: proxied),
    ]
  }

  var description: String { "ServiceResponder" }

  /// - Throws: `HTTPParserError` only, for a body that is not HTTP: Hummingbird answers it and closes the connection.
  func respond(to request: Request, context: ServerContext) async throws -> Response {
    let start = ContinuousClock.now
    var context = context
    context.identify(RequestID.chosen(in: request.headers))
    metrics.requestBegins()
    defer { metrics.requestEnds() }
    let exchange = Exchange(request, context, authenticator: authenticator, trusting: trustedProxies)
    var (response, route) = try await answer(exchange)
    if let header = RequestID.header { response.headers[header] = context.requestID }
    if response.headers[single: .contentType]?.hasPrefix("text/html") == true {
      response.headers[.strictTransportSecurity] = strictTransportSecurity
    }
    let duration = ContinuousClock.now - start
    log(exchange, response, duration)
    let bytes = context.wantsHeadOnly ? 0 : response.body.contentLength ?? 0
    metrics.answered(exchange, route: route, status: response.status.code, bytes: bytes, in: duration)
    return response
  }

  /// With the server's own logger, for to sign one for the request takes longer than the line.
  private func log(_ exchange: Exchange, _ response: Response, _ duration: Duration) {
    logger.info(
      "request",
      metadata: [
        ServerContext.requestKey: .string(exchange.context.requestID),
        "method": .string(exchange.method.rawValue), "path": .string(exchange.path),
        "status": .stringConvertible(response.status.code), "seconds": .stringConvertible(duration.inSeconds),
        "actor": .string(exchange.principal?.signature ?? "-"), "peer": .string(exchange.address.text),
      ])
  }

  /// The answer, and what the request is counted as.
  private func answer(_ exchange: Exchange) async throws -> (Response, route: String) {
    let path = exchange.path
    let service = scim.owns(path) ? scim : others.first { $0.owns(path) } ?? scim
    let route = service.route(of: path)
    do {
      guard exchange.request.uri.string.utf8.count <= maxTargetSize else {
        throw SCIMError(status: 414, nil, "The path and query must not be longer than \(maxTargetSize) bytes.")
      }
      return (try await service.respond(to: exchange), route)
    } catch let error as HTTPParserError {
      throw error
    } catch {
      return (service.response(to: exchange.completed(Self.refusal(of: error, exchange.context))), route)
    }
  }

  /// What the client learns of a failure; of one that is ours the name of the request, and the log the rest.
  static func refusal(of error: any Error, _ context: ServerContext) -> Refusal {
    if let refusal = Refusal(error) { return refusal }
    if error is RequestTimedOut { return .requestTimedOut }
    context.signedLogger.error("request failed", metadata: ["error": "\(error)"])
    if let failure = error as? any PassingFailure, failure.mayPass { return .storeFailed(context.requestID) }
    return Refusal(
      error: SCIMError(
        status: 500, nil, "The server failed; its log has the reason under request \(context.requestID)."))
  }
}
