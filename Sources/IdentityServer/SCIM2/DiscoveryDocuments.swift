import HTTPTypes
import HummingbirdCore
import JSON
import NIOCore
import SCIM
import Synchronization

/// What the service says of itself (RFC 7644 section 4), written once for each address that clients know it by.
final class DiscoveryDocuments: Sendable {
  /// The documents with the locations of one base address, as bytes.
  private struct Edition: Sendable {
    var serviceProviderConfig: ByteBuffer
    var schemas: ByteBuffer
    var resourceTypes: ByteBuffer
    /// By URN in lower case.
    var schema: [String: ByteBuffer]
    /// By name in lower case.
    var resourceType: [String: ByteBuffer]
  }

  /// More addresses than a server has; the clients choose them, so they must not fill the memory.
  private static let capacity = 16

  private let catalog: SchemaCatalog
  private let config: JSONObject
  private let editions = Mutex<[BaseAddress: Edition]>([:])

  init(catalog: SchemaCatalog, _ configuration: ServerConfiguration) {
    self.catalog = catalog
    let pagination = Pagination(
      supportsCursors: true, defaultMethod: .index, defaultPageSize: configuration.defaultPageSize,
      maxPageSize: configuration.maxResults)
    let capabilities = Capabilities(
      supportsPatch: true, supportsBulk: true, supportsFilter: true, supportsSort: true, supportsEntityTags: true,
      supportsChangePassword: true, maxResults: configuration.maxResults,
      maxBulkOperations: configuration.maxBulkOperations, maxBulkPayload: configuration.maxBodySize,
      pagination: pagination, catalog: catalog)
    config = capabilities.serviceProviderConfig(authenticationSchemes: [.basic, .bearer])
  }

  /// - Throws: ``Refusal`` 403 for a filter, which these documents do not take (section 4), and 404 for an unknown name.
  func response(to request: Request, at route: Route, of base: BaseAddress) throws -> Response {
    guard try QueryParameters(request.uri.query)["filter"] == nil else {
      throw SCIMError(status: 403, nil, "The documents of the service cannot be filtered.")
    }
    guard let document = document(at: route, of: edition(for: base)) else { throw Refusal.notFound }
    return .scim(.ok, document)
  }

  private func document(at route: Route, of edition: Edition) -> ByteBuffer? {
    switch route {
    case .serviceProviderConfig: edition.serviceProviderConfig
    case .schemas(let urn?): edition.schema[urn.lowercased()]
    case .schemas(nil): edition.schemas
    case .resourceTypes(let name?): edition.resourceType[name.lowercased()]
    case .resourceTypes(nil): edition.resourceTypes
    default: nil
    }
  }

  private func edition(for base: BaseAddress) -> Edition {
    if let edition = editions.withLock({ $0[base] }) { return edition }
    let edition = makeEdition(for: base)
    editions.withLock { editions in
      if editions.count < Self.capacity { editions[base] = edition }
    }
    return edition
  }

  private func makeEdition(for base: BaseAddress) -> Edition {
    let schemas = catalog.schemas.values.sorted { $0.id < $1.id }
      .map { (key: $0.id, resource: located($0.advertised.json, "Schema", "/Schemas/\($0.id)", base)) }
    let types = catalog.resourceTypes
      .map { (key: $0.name, resource: located($0.json, "ResourceType", "/ResourceTypes/\($0.name)", base)) }
    return Edition(
      serviceProviderConfig: bytes(located(config, "ServiceProviderConfig", "/ServiceProviderConfig", base)),
      schemas: list(schemas.map(\.resource)), resourceTypes: list(types.map(\.resource)),
      schema: byKey(schemas), resourceType: byKey(types))
  }

  /// The document with the `meta` that tells where it is.
  private func located(_ document: JSONObject, _ type: String, _ path: String, _ base: BaseAddress) -> Resource {
    var resource = Resource(document)
    resource["meta"] = ["resourceType": .string(type), "location": .string(base.text + path)]
    return resource
  }

  private func list(_ resources: [Resource]) -> ByteBuffer {
    let list = ListResponse(
      resources: resources, totalResults: resources.count, startIndex: 1, itemsPerPage: resources.count)
    return ByteBuffer(bytes: list.json.serialized())
  }

  private func byKey(_ documents: [(key: String, resource: Resource)]) -> [String: ByteBuffer] {
    Dictionary(
      documents.map { ($0.key.lowercased(), bytes($0.resource)) }, uniquingKeysWith: { first, _ in first })
  }

  private func bytes(_ resource: Resource) -> ByteBuffer { ByteBuffer(bytes: resource.attributes.serialized()) }
}
