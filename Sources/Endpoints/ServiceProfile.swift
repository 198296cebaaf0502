import JSON
import NIOHTTP1
import SCIM

/// What a service provider says about itself, as far as it matters to the driver.
struct ServiceProfile: Sendable {
  var capabilities: Capabilities
  /// Whether listings are walked by cursors (RFC 9865), because the endpoint offers nothing else.
  var requiresCursors: Bool
  /// The most resources that a page may hold; nil when the endpoint does not say.
  var maxPageSize: Int?

  /// The three discovery documents (RFC 7644 section 4), nil where the endpoint has none.
  /// - Parameter extensions: what is known of schemas that the endpoint does not describe.
  init(
    configuration: JSONObject?, resourceTypes: JSONObject?, schemas: JSONObject?, extensions: [SchemaExtension] = []
  ) {
    let catalog = Self.catalog(resourceTypes: resourceTypes, schemas: schemas, extensions)
    capabilities =
      configuration.map { Capabilities(serviceProviderConfig: $0, catalog: catalog) }
      ?? Capabilities(catalog: catalog)
    let pagination = configuration?["pagination"]
    requiresCursors = pagination?["cursor"]?.bool == true && pagination?["index"]?.bool != true
    maxPageSize = [capabilities.maxResults, pagination?["maxPageSize"]?.int].compactMap { $0 }.filter { $0 > 0 }.min()
  }

  /// Users and groups as in RFC 7643 stand in for what the endpoint does not describe.
  private static func catalog(
    resourceTypes: JSONObject?, schemas: JSONObject?, _ extensions: [SchemaExtension]
  ) -> SchemaCatalog {
    let standard = SchemaCatalog.standard.extended(by: extensions)
    let described = SchemaCatalog(
      resourceTypes: resourceTypes.map(JSONValue.object) ?? [], schemas: schemas.map(JSONValue.object) ?? [])
    let types =
      described.resourceTypes.isEmpty
      ? ["User", "Group"].compactMap(standard.resourceType) : described.resourceTypes
    let known = described.schemas.isEmpty ? standard.schemas : described.schemas
    let own = known.sorted { $0.key < $1.key }.map(\.value)
    return SchemaCatalog(resourceTypes: types, schemas: own + extensions.map(\.schema))
  }
}

extension SCIM2Endpoint {
  /// Reads the three discovery documents side by side.
  func discover() async throws(EndpointError) -> ServiceProfile {
    async let configuration = document(configurationPath)
    async let resourceTypes = document("/ResourceTypes")
    async let schemas = document("/Schemas")
    return ServiceProfile(
      configuration: try await configuration.get(), resourceTypes: try await resourceTypes.get(),
      schemas: try await schemas.get(), extensions: self.schemas)
  }

  /// A discovery document; nil when the endpoint does not have it.
  private func document(_ target: String) async -> Result<JSONObject?, EndpointError> {
    do throws(EndpointError) {
      let answer = try await connection.send(EndpointRequest(.GET, target))
      // WSO2 Identity Server 5.11 tells its schemas without the envelope of a list.
      if let documents = answer.array() { return .success(["Resources": .array(documents)]) }
      return .success(try answer.object())
    } catch {
      return [404, 405, 501].contains(error.status) ? .success(nil) : .failure(error)
    }
  }
}
