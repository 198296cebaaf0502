import HTTPTypes
import SCIM

/// What a path below the address of the SCIM 1.1 service names (protocol, section 3).
enum SCIM1Route: Hashable, Sendable {
  case resources(ResourceType)
  case resource(ResourceType, id: String)
  /// `/Users/me`: the user who asks.
  case me
  case bulk
  case serviceProviderConfigs

  /// Where SCIM 1.1 is served: the address that WSO2 Identity Server has for it.
  static let basePath = "/wso2/scim"

  /// The resource types that SCIM 1.1 has.
  static let typeNames = ["User", "Group"]

  /// nil when nothing has this path.
  /// - Parameter path: below the base address, still percent-encoded.
  init?(path: some StringProtocol, catalog: SchemaCatalog) {
    guard path.hasPrefix("/") else { return nil }
    // Decoded after splitting, so that an encoded slash stays within its segment.
    let segments = path.split(separator: "/").map { $0.percentDecoded() }
    guard segments.count <= 2, let first = segments.first.flatMap(\.self) else { return nil }
    switch (first, segments.dropFirst().first) {
    case ("Bulk", nil): self = .bulk
    case ("ServiceProviderConfigs", nil): self = .serviceProviderConfigs
    case ("Users", "me"?): self = .me
    default:
      let types = Self.typeNames.compactMap(catalog.resourceType)
      guard let type = types.first(where: { $0.endpoint == "/" + first }) else { return nil }
      switch segments.dropFirst().first {
      case nil: self = .resources(type)
      case let id??: self = .resource(type, id: id)
      case .some(nil): return nil
      }
    }
  }

  /// The type of the resources that the path names one or all of.
  var type: ResourceType? {
    switch self {
    case .resources(let type), .resource(let type, _): type
    case .me, .bulk, .serviceProviderConfigs: nil
    }
  }

  /// The methods that the path answers; any other gets 405.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .resources: [.get, .post]
    case .resource: [.get, .put, .patch, .delete]
    case .me: [.get, .put, .patch]
    case .bulk: [.post]
    case .serviceProviderConfigs: [.get]
    }
  }
}

extension Principal {
  /// Whether the principal may send such a request. Of a bulk request each operation is asked for by itself; what users
  /// may change of themselves is looked at with the change.
  func may(_ method: HTTPRequest.Method, _ route: SCIM1Route) -> Bool {
    let access = Access(method)
    return switch route {
    case .resources(let type): may(access, type.name)
    case .resource(let type, let id): may(access, type.name, id: id)
    case .me: rights == .itself || may(access, "User", id: userID)
    case .bulk, .serviceProviderConfigs: true
    }
  }
}
