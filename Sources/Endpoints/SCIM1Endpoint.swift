import JSON
import LocalDirectory
import NIOHTTP1
import Reconciliation
import SCIM
import Synchronization

/// A SCIM 1.1 service provider reached over HTTP, also as WSO2 Identity Server has it.
///
/// Where WSO2 and the specification part, what is sent suits both: the first page is asked for without parameters, bodies
/// are `application/json`, and members are told by id and name.
package final class SCIM1Endpoint: Endpoint {
  package let name: String
  package let ownUserName: String?

  let address: SCIM1Address
  let connection: EndpointConnection
  let catalog: SchemaCatalog
  let members = MemberNames()
  /// Whether the endpoint has said that it knows no PATCH.
  let lacksPatch = Atomic(false)
  private let learned = LearnedOnce<Capabilities>()

  /// - Parameters:
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where the jitter of these waits comes from.
  /// - Throws: `misconfigured` when an address, the credential or the trust cannot be used.
  package init(
    _ configuration: SCIM1Configuration, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(EndpointError) {
    name = configuration.name
    ownUserName = configuration.connection.credential?.userName
    address = try SCIM1Address(configuration)
    let known = SchemaCatalog.standard.extended(by: configuration.schemas)
    catalog = SchemaCatalog(
      resourceTypes: address.typeNames.compactMap(known.resourceType),
      schemas: known.schemas.sorted { $0.key < $1.key }.map(\.value))
    connection = try EndpointConnection(
      configuration.connection, base: "", format: .scim1, clock: clock, generator: generator)
  }

  package func close() async { await connection.close() }

  /// What the endpoint says about itself; one that says nothing is taken for a WSO2 Identity Server, which can filter and
  /// PATCH, and has no entity tags.
  package func capabilities() async throws(EndpointError) -> Capabilities {
    try await learned.value { () throws(EndpointError) -> Capabilities in
      guard let config = try await serviceProviderConfig() else {
        return Capabilities(
          supportsPatch: true, supportsFilter: true, supportsChangePassword: true, catalog: catalog)
      }
      return Capabilities(serviceProviderConfig: config, catalog: catalog)
    }
  }

  /// nil when the endpoint has none: WSO2 Identity Server serves none, and what stands before a server may answer there
  /// with a page of its own.
  private func serviceProviderConfig() async throws(EndpointError) -> JSONObject? {
    guard let target = address.configuration else { return nil }
    do throws(EndpointError) {
      let body = try await connection.send(EndpointRequest(.GET, target)).object()
      return body?["patch"] == nil ? nil : body
    } catch {
      switch error.kind {
      case .notFound, .forbidden, .rejected, .malformed: return nil
      default: throw error
      }
    }
  }

  /// The resource in the terms of SCIM 2.0, with names of the primary user store as the manifests write them.
  func decoded(_ body: JSONObject, as type: ResourceType) -> Resource {
    let raw = Resource(body)
    members.learn(raw, of: type)
    var resource = Dialect11.decoded(raw, of: type)
    let naming = type.namingAttribute
    if let name = resource[naming]?.string { resource.attributes[naming] = .string(UserStoreDomain.kept(name)) }
    return resource
  }
}

extension ResourceType {
  /// The attribute that names a resource for people: WSO2 Identity Server lists little else.
  var namingAttribute: String { name == "Group" ? "displayName" : "userName" }
}
