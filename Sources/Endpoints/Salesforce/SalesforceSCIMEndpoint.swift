import JSON
import Reconciliation
import SCIM

/// A Salesforce organisation reached by its own SCIM 2.0 service.
///
/// It speaks RFC 7644 but for a few things: its configuration stands at a plural address, users are never deleted, and a new
/// one must have a profile, which is an entitlement there. Its roles have no members, so they are none of the manifests'.
package final class SalesforceSCIMEndpoint: Endpoint {
  package var name: String { base.name }
  package var ownUserName: String? { base.ownUserName }

  private let base: SCIM2Endpoint
  private let defaults: [String: String]
  private let profile = LearnedOnce<String>()

  /// - Parameters:
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where the jitter of these waits comes from.
  /// - Throws: `misconfigured` when address, credential or trust cannot be used.
  package init(
    _ configuration: SalesforceConfiguration, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(EndpointError) {
    let address = try SCIM2Address(configuration.url, allowsPlaintext: configuration.allowsPlaintext)
    var scim = SCIM2Configuration(
      name: configuration.name, url: address.base + "/services/scim/v2", allowsPlaintext: configuration.allowsPlaintext,
      connection: configuration.connection, pageSize: 200)
    scim.configurationPath = "/ServiceProviderConfigs"
    base = try SCIM2Endpoint(scim, clock: clock, generator: generator)
    defaults = configuration.settings.defaults
  }

  package func close() async { await base.close() }

  package func capabilities() async throws(EndpointError) -> Capabilities {
    var capabilities = try await base.capabilities()
    let types = capabilities.catalog.resourceTypes.filter { ["User", "Group"].contains($0.name) }
    capabilities.catalog = SchemaCatalog(
      resourceTypes: types, schemas: capabilities.catalog.schemas.sorted { $0.key < $1.key }.map(\.value))
    capabilities.undeletableTypes = ["User"]
    capabilities.elementLimits = ["User": UserMapping().elementLimits.filter { $0.key != "roles" }]
    return capabilities
  }

  package func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    try await base.page(of: type, at: position)
  }

  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    try await base.resource(id, of: type)
  }

  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    try await base.find(type, where: attribute, equals: value)
  }

  package func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    guard type.name == "User" else { return try await base.create(attributes, as: type) }
    return try await base.create(try await completing(attributes, type), as: type)
  }

  package func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    try await base.update(id, of: type, update, version: version)
  }

  package func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    guard type.name != "User" else { throw SalesforceEndpoint.undeletable }
    try await base.delete(id, of: type, version: version)
  }

  // MARK: New users

  /// The attributes with what a new user must have and no manifest names.
  private func completing(_ attributes: JSONObject, _ type: ResourceType) async throws(EndpointError) -> JSONObject {
    var user = attributes
    let catalog = try await capabilities().catalog
    for (field, value) in defaults.sorted(by: { $0.key < $1.key }) {
      guard let path = path(of: field, type, catalog) else { continue }
      user.fill(path, .string(value))
    }
    if let userName = user["userName"]?.string {
      let local = JSONValue.string(String(userName.prefix { $0 != "@" }))
      user.fill(AttributePath("name", sub: "familyName"), local)
      let email: JSONValue = ["value": .string(userName), "type": "work", "primary": true]
      if userName.contains("@") { user.fill(AttributePath("emails"), [email]) }
    }
    if user["entitlements"]?.array?.isEmpty ?? true {
      user["entitlements"] = [["value": .string(try await profileID())]]
    }
    return user
  }

  /// The attribute that goes by the name of a field: SCIM's own names for what every organisation has, and those of the
  /// extensions that this one describes.
  private func path(of field: String, _ type: ResourceType, _ catalog: SchemaCatalog) -> AttributePath? {
    if let known = UserField.all.first(where: { $0.name == field }), known.attribute.schema == nil, known.part == nil {
      return known.attribute
    }
    return type.extensions.lazy.compactMap { own in
      catalog.schema(own.schema)?.attribute(field).map { AttributePath(schema: own.schema, $0.name) }
    }.first
  }

  /// The entitlement that is the profile of new users.
  private func profileID() async throws(EndpointError) -> String {
    guard let name = defaults[NewUserDefaults.profileName] else {
      throw EndpointError(
        .misconfigured,
        "a new user needs a profile: set `salesforce.defaults.\(NewUserDefaults.profileName)`, or name its id in"
          + " `entitlements`")
    }
    return try await profile.value { () throws(EndpointError) -> String in
      let found = try await base.find(Self.entitlements, where: "displayName", equals: name)
      guard let id = (found.first { $0["type"] == "Profile" } ?? found.first)?.id, !id.isEmpty else {
        throw EndpointError(.rejected, "the organisation has no profile named '\(name)'")
      }
      return id
    }
  }

  private static let entitlements = ResourceType(
    name: "Entitlement", endpoint: "/Entitlements", schema: "urn:salesforce:schemas:extension:1.0:Entitlement")
}

extension JSONObject {
  /// Sets what is not there.
  fileprivate mutating func fill(_ path: AttributePath, _ value: JSONValue) {
    if let schema = path.schema {
      var holder = self[schema]?.object ?? [:]
      if (holder[path.attribute] ?? .null).isNull { holder[path.attribute] = value }
      self[schema] = .object(holder)
    } else if let part = path.subAttribute {
      var complex = self[path.attribute]?.object ?? [:]
      if (complex[part] ?? .null).isNull { complex[part] = value }
      self[path.attribute] = .object(complex)
    } else if (self[path.attribute] ?? .null).isNull {
      self[path.attribute] = value
    }
  }
}
