import Foundation
import HTTPTypes
import HummingbirdCore
import LocalDirectory
import NIOHTTP1
import SCIM

/// The console: pages on which people see and change what the directory holds. They may do there what they may do by
/// SCIM, and it all goes the same way into the directory.
struct ConsoleService: WebService {
  static let path = "/console"

  private let signIn: SignIn
  private let surroundings: ConsoleSurroundings

  init(signIn: SignIn, _ surroundings: ConsoleSurroundings) {
    self.signIn = signIn
    self.surroundings = surroundings
  }

  func owns(_ path: String) -> Bool { path == Self.path || path.hasPrefix(Self.path + "/") }

  func response(to refusal: Refusal) -> Response { .page(refusal) }

  func respond(to exchange: Exchange) async throws -> Response {
    guard let signedIn = try await signIn.current(of: exchange) else { return signInFirst(exchange) }
    let visit = ConsoleVisit(
      exchange: exchange, signedIn: signedIn, principal: try await exchange.authenticated(by: signedIn),
      browser: signIn.browser(of: exchange), surroundings: surroundings)
    do {
      guard let route = ConsoleRoute(path: exchange.path) else { throw Refusal.notFound }
      guard route.methods.contains(exchange.request.method) else { throw Refusal.methodNotAllowed(route.methods) }
      return try await respond(to: visit, at: route)
    } catch let error as HTTPParserError {
      throw error
    } catch {
      return visit.response(to: ServiceResponder.refusal(of: error, exchange.context))
    }
  }

  /// To the sign-in page, and from there to where the browser wanted to go. What a form has sent is not kept, but the
  /// page of the form is where it leads back to.
  private func signInFirst(_ exchange: Exchange) -> Response {
    let query = exchange.request.method == .post ? "" : exchange.request.uri.query ?? ""
    let path = exchange.request.method == .post ? ConsoleRoute.page(of: exchange.path) : exchange.path
    return signIn.demand(
      exchange, then: Continuation(path: path, query: query, startedAt: surroundings.now()))
  }

  private func respond(to visit: ConsoleVisit, at route: ConsoleRoute) async throws -> Response {
    switch route {
    case .overview: return try await OverviewPage(visit).response()
    case .provisioning: return try await ProvisioningPage(visit).response()
    case .liveProvisioning: return try LiveProvisioning(visit).response()
    case .audit: return try await AuditPage(visit).response()
    case .auditExport(let format): return try await AuditExport(visit, format).response()
    case .liveEndpoints: return try await LiveEndpoints(visit).response()
    case .endpoints: return try await EndpointsPage(visit).response()
    case .finding(let name, let fingerprint):
      return try await visit.withControllers { state in
        try await FindingPage(try await EndpointPlace(visit, name, in: state), state, fingerprint).response()
      }
    case .endpoint(let name, let action): return try await respond(to: visit, about: name, action)
    case .list(let kind): return try await ListPage(visit, kind).response()
    case .new(let kind): return try await CreationPage(visit, kind).response()
    case .resource(let kind, let id, let action):
      let place = ResourcePlace(visit, kind, id)
      switch action {
      case .view: return try await ResourcePage(place).response()
      case .edit: return try await EditPage(place).response()
      case .delete: return try await DeletionPage(place).response()
      case .active: return try await ActivationForm(place).response()
      case .password: return try await PasswordPage(place).response()
      case .members: return try await MembersPage(place).response()
      case .access: return try await AccessPage(place).response()
      case .secret: return try await ClientSecretPage(place).response()
      }
    }
  }
}

extension ConsoleService {
  private func respond(
    to visit: ConsoleVisit, about endpoint: String, _ action: ConsoleRoute.EndpointAction
  ) async throws -> Response {
    try await visit.withControllers { state in
      let place = try await EndpointPlace(visit, endpoint, in: state)
      switch action {
      case .view: return try await EndpointPage(place, state).response()
      case .plan: return try await EndpointPlanPage(place, state).response()
      case .drift: return try await EndpointDriftPage(place, state).response()
      case .reconcile: return try await EndpointOrders(place, state).reconcile()
      case .suspend: return try await EndpointOrders(place, state).suspend()
      case .resume: return try await EndpointOrders(place, state).resume()
      case .approve: return try await EndpointOrders(place, state).approve()
      }
    }
  }
}

/// What the console needs from the server.
struct ConsoleSurroundings: Sendable {
  let directory: Directory
  /// nil for a server that provisions nothing.
  let provisioning: OutboundProvisioning?
  let accessLog: any AccessLog
  let tokens: AccessTokens
  /// The state of the controllers; nil where none is known.
  let controllers: @Sendable () throws -> (any ControllerStorage)?
  /// nil for a server without TLS.
  let certificate: ServerCertificate?
  let now: @Sendable () -> Date
}
