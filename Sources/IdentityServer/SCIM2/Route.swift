import HTTPTypes
import SCIM

/// What a path names (RFC 7644 section 3.2): the same set of routes for every resource type of the catalog.
enum Route: Hashable, Sendable {
  /// The service itself: the resources of all types (section 3.4.2.1).
  case root
  /// `/.search` below the service.
  case rootSearch
  /// Many requests in one (section 3.7).
  case bulk
  case serviceProviderConfig
  /// One schema by its URN, or all.
  case schemas(String?)
  /// One resource type by its name, or all.
  case resourceTypes(String?)
  case resources(ResourceType)
  /// `/.search` below a resource type (section 3.4.3).
  case search(ResourceType)
  case resource(ResourceType, id: String)
  /// The user who asks (section 3.11).
  case me

  /// nil when nothing has this path.
  /// - Parameter path: as it stands in the request, still percent-encoded.
  init?(path: String, basePath: String, catalog: SchemaCatalog) {
    guard path.hasPrefix(basePath) else { return nil }
    let rest = Array(path.utf8).dropFirst(basePath.utf8.count)
    guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return nil }
    // Decoded after splitting, so that an encoded slash stays within its segment.
    let segments = rest.split(separator: UInt8(ascii: "/"))
      .map { String(decoding: $0, as: UTF8.self).percentDecoded() }
    self.init(segments: segments.compactMap(\.self), catalog: catalog)
    guard segments.allSatisfy({ $0 != nil }) else { return nil }
  }

  private init?(segments: [String], catalog: SchemaCatalog) {
    guard let first = segments.first else { self = .root; return }
    guard segments.count <= 2 else { return nil }
    let second = segments.count == 2 ? segments[1] : nil
    switch (first, second) {
    case ("ServiceProviderConfig", nil): self = .serviceProviderConfig
    case ("Schemas", let urn): self = .schemas(urn)
    case ("ResourceTypes", let name): self = .resourceTypes(name)
    case ("Me", nil): self = .me
    case ("Bulk", nil): self = .bulk
    case (".search", nil): self = .rootSearch
    default:
      guard let type = catalog.resourceTypes.first(where: { $0.endpoint.dropFirst() == first }) else { return nil }
      switch second {
      case nil: self = .resources(type)
      case ".search": self = .search(type)
      case let id?: self = .resource(type, id: id)
      }
    }
  }

  /// The methods that the path answers; any other gets 405.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .serviceProviderConfig, .schemas, .resourceTypes, .root: [.get]
    case .resources: [.get, .post]
    case .search, .rootSearch, .bulk: [.post]
    case .resource: [.get, .put, .patch, .delete]
    // POST is answered too: it is not a mistake, but something that this service does not do.
    case .me: [.get, .post, .put, .patch, .delete]
    }
  }

  /// Whether it is about the service, and not about resources.
  var isDiscovery: Bool {
    switch self {
    case .serviceProviderConfig, .schemas, .resourceTypes: true
    case .root, .rootSearch, .bulk, .resources, .search, .resource, .me: false
    }
  }
}
