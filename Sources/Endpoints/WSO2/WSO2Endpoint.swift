import JSON
import Reconciliation
import SCIM

/// A WSO2 Identity Server: users, groups and roles by its SCIM 2.0 service, which has manners of its own, identity
/// providers and applications by its management API.
package final class WSO2Endpoint: Endpoint {
  package var name: String { scim.name }
  package let ownUserName: String?

  let scim: SCIM2Endpoint
  /// The way to the management API.
  let management: EndpointConnection
  /// What members of groups are called: their ids alone are not always taken.
  let members = MemberNames()
  /// The user stores that there are; empty where the server walks over them by itself.
  let userStores: [String]
  private let known = LearnedOnce<WSO2Profile>()

  /// - Parameters:
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where the jitter of these waits comes from.
  /// - Throws: `misconfigured` when address, credential or trust cannot be used.
  package init(
    _ configuration: WSO2Configuration, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(EndpointError) {
    let address = try SCIM2Address(configuration.url, allowsPlaintext: configuration.allowsPlaintext)
    let base = address.base + configuration.settings.path
    // The second fails where the first does, so none is left open.
    management = try EndpointConnection(
      configuration.connection, base: base + "/api/server/v1", format: .json, clock: clock, generator: generator)
    scim = try SCIM2Endpoint(
      SCIM2Configuration(
        name: configuration.name, url: base + "/scim2", allowsPlaintext: configuration.allowsPlaintext,
        connection: configuration.connection),
      clock: clock, generator: generator)
    userStores = configuration.settings.userStores
    let tenant = "@" + configuration.settings.tenant
    // Users sign in with the name of their tenant, and are listed without it.
    ownUserName = configuration.connection.credential?.userName.map {
      $0.hasSuffix(tenant) ? String($0.dropLast(tenant.count)) : $0
    }
  }

  package func close() async {
    await scim.close()
    await management.close()
  }

  package func capabilities() async throws(EndpointError) -> Capabilities { try await profile().capabilities }

  func profile() async throws(EndpointError) -> WSO2Profile {
    try await known.value { () throws(EndpointError) -> WSO2Profile in
      WSO2Profile(try await scim.capabilities())
    }
  }

  /// A resource as it was read, its name kept for when it becomes a member of something.
  func noted(_ body: JSONObject, _ type: ResourceType, _ mapping: WSO2ResourceMapping) -> Resource {
    let resource = mapping.resource(body, of: type)
    if type.name == "User" { members.learn(resource, of: type) }
    return resource
  }
}
