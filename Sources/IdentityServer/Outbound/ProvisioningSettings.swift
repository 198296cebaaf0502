import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// The connectors that are in use, and what goes to each, as identity and service providers say it.
struct ProvisioningSettings: Sendable {
  /// The name of the service provider that stands for the server itself.
  private static let resident = "resident"

  /// By name.
  private(set) var connectors: [String: Connector] = [:]
  private(set) var routes = ProvisioningRoutes()
  /// Those of applications of which nothing is kept here, by client identifier, in the order of their lists.
  private(set) var proxies: [String: [Connector]] = [:]
  /// What is asked for and cannot be done, a sentence each.
  private(set) var problems: [String] = []

  init() {}

  /// - Parameters:
  ///   - providers: identity providers with their secrets.
  ///   - applications: service providers.
  ///   - endpoints: the Endpoint manifests that the server was started with.
  init(providers: [Resource], applications: [Resource], endpoints: [EndpointDeclaration]) {
    let byName = Dictionary(endpoints.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let reader = ConnectorReader(endpoints: byName)
    let enabled = providers.filter { $0["enabled"] != false }
    for application in applications {
      let wanted = application["outboundProvisioning"]?.array ?? []
      let client = application["inbound"]?["openidconnect"]?["clientId"]?.string
      if application["inboundProvisioning"]?["proxy"] == true, let client {
        // Nothing but what the application sends goes there, so nobody works for these.
        proxies[client] = wanted.compactMap { connector($0, providers, enabled, reader) }
        continue
      }
      guard !wanted.isEmpty else { continue }
      let names = Set(wanted.compactMap { use($0, providers, enabled, reader) })
      if application["name"]?.string == Self.resident {
        routes.resident = names
      } else if let client {
        routes.clients[client] = names
      }
    }
  }

  /// Takes the connector that an entry of `outboundProvisioning` names into use.
  /// - Returns: its name; nil when it does not provision.
  private mutating func use(
    _ entry: JSONValue, _ providers: [Resource], _ enabled: [Resource], _ reader: ConnectorReader
  ) -> String? {
    guard let connector = connector(entry, providers, enabled, reader) else { return nil }
    connectors[connector.name] = connector
    return connector.name
  }

  /// The connector that an entry of `outboundProvisioning` names; nil when it does not provision.
  private mutating func connector(
    _ entry: JSONValue, _ providers: [Resource], _ enabled: [Resource], _ reader: ConnectorReader
  ) -> Connector? {
    let name = entry["identityProvider"]?.string ?? ""
    guard providers.contains(where: { $0["name"]?.string == name }) else {
      problems.append("outboundProvisioning names the identity provider \"\(name)\", which is not there")
      return nil
    }
    guard let provider = enabled.first(where: { $0["name"]?.string == name }) else { return nil }
    let connectors = provider["provisioning"]?["connectors"]?.array ?? []
    guard let json = Self.chosen(entry["connector"]?.string, among: connectors) else {
      problems.append(
        "outboundProvisioning: \"\(name)\" has no connector \"\(entry["connector"]?.string ?? "default")\"")
      return nil
    }
    guard json["enabled"] != false else { return nil }
    do throws(ConnectorProblem) {
      return try reader.connector(json, of: provider)
    } catch {
      problems.append("the connector \(name)/\(json["name"]?.string ?? ""): \(error)")
      return nil
    }
  }

  /// The one of this name; without a name the default one, or the only one.
  private static func chosen(_ name: String?, among connectors: [JSONValue]) -> JSONValue? {
    if let name { return connectors.first { $0["name"]?.string == name } }
    return connectors.first { $0["default"] == true } ?? (connectors.count == 1 ? connectors.first : nil)
  }
}

extension Directory {
  /// The settings as they are now.
  func provisioningSettings(endpoints: [EndpointDeclaration]) async throws -> ProvisioningSettings {
    guard let providers = catalog.resourceType("IdentityProvider"),
      let applications = catalog.resourceType("ServiceProvider")
    else { return ProvisioningSettings() }
    return ProvisioningSettings(
      providers: try await disclosed(providers), applications: try await disclosed(applications), endpoints: endpoints)
  }
}
