import JSON
import NIOHTTP1
import Reconciliation
import SCIM
import Synchronization

/// A Google Workspace or Cloud Identity account reached by the Directory API of the Admin SDK: users, groups with their
/// members, and the roles of administrators.
///
/// Google's batches are not used: every part of one counts against the quota as a request of its own, and the quota is
/// reached with a few requests side by side.
package final class GoogleEndpoint: Endpoint {
  package let name: String
  package let ownUserName: String?

  let settings: GoogleSettings
  let domain: String?
  let catalog = GoogleCatalog.standard
  let knowledge = GoogleKnowledge()
  let timeline: Timeline
  /// Users whose manager was not seen yet, held back until the walk is over.
  let heldBack = Mutex<[JSONObject]>([])
  /// Who has which role, as the first page of roles found it.
  let roleHolders = Mutex<[String: RoleHolders]>([:])
  private let accounts: EndpointConnection
  /// With tokens of its own, so that only who manages roles has to allow it.
  private let roles: EndpointConnection
  private let generator: Mutex<any RandomNumberGenerator & Sendable>

  /// - Parameters:
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where passwords and the jitter of these waits come from.
  /// - Throws: `misconfigured` when address, credential or trust cannot be used.
  package init(
    _ configuration: GoogleConfiguration, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(EndpointError) {
    name = configuration.name
    ownUserName = configuration.connection.credential?.userName
    settings = configuration.settings
    domain = configuration.domain
    timeline = Timeline(clock)
    self.generator = Mutex(generator)
    let address = try SCIM2Address(configuration.url, allowsPlaintext: configuration.allowsPlaintext)
    func connection(_ scopes: [String]) throws(EndpointError) -> EndpointConnection {
      var connection = configuration.connection
      if case .accessToken(let grant)? = connection.credential {
        connection.credential = .accessToken(grant.asking(for: scopes))
      }
      return try EndpointConnection(
        connection, base: address.base + "/admin/directory/v1", format: .json, clock: clock, generator: generator)
    }
    accounts = try connection(GoogleScope.accounts)
    roles = try connection(GoogleScope.roles)
  }

  package func close() async {
    await accounts.close()
    await roles.close()
  }

  package func capabilities() async throws(EndpointError) -> Capabilities {
    GoogleCatalog.capabilities(settings.onRemoval)
  }

  // MARK: Requests

  /// Sends a request and says what a refusal means at Google.
  func send(_ request: EndpointRequest) async throws(EndpointError) -> JSONObject? {
    do throws(EndpointError) {
      return try await connection(for: request).send(request).object()
    } catch {
      throw error.explained(by: ownUserName)
    }
  }

  /// The connection whose tokens are good for this request.
  func connection(for request: EndpointRequest) -> EndpointConnection {
    request.target.hasPrefix("/customer/") ? roles : accounts
  }

  /// Runs a request that names what was just made until all of Google knows it.
  func settled<Value>(
    _ ids: [String], _ work: () async throws(EndpointError) -> Value
  ) async throws(EndpointError) -> Value {
    for wait in [1, 2, 4, 8, 16, 32] {
      do throws(EndpointError) {
        return try await work()
      } catch {
        guard [.notFound, .stale].contains(error.kind), knowledge.isNew(ids, at: timeline.now) else { throw error }
      }
      try await timeline.sleep(.seconds(wait))
    }
    return try await work()
  }

  /// A password that nobody knows: Google takes no user without one.
  func unknownPassword() -> String {
    let characters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789-_")
    return generator.withLock { generator in
      String((0..<32).map { _ in characters[Int.random(in: characters.indices, using: &generator)] })
    }
  }

  /// - Throws: `rejected` for a type that there is not.
  func unknown(_ type: ResourceType) -> EndpointError {
    EndpointError(.rejected, "Google has no resources of type \(type.name)")
  }
}

extension EndpointError {
  /// The same error; a refusal for lack of rights says which rights are meant.
  fileprivate func explained(by administrator: String?) -> EndpointError {
    guard kind == .forbidden, status != nil, !message.contains("scopes") else { return self }
    return EndpointError(
      kind, status: status,
      "\(message); \(administrator ?? "the administrator that is acted for") needs an administrator's role that allows"
        + " this")
  }
}
