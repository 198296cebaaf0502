import SCIM

extension SCIMService {
  /// The service and the first part of the path below it: `scim2/Users`; `scim2` alone for what is nowhere.
  func route(of path: String) -> String {
    guard path.hasPrefix(configuration.basePath) else { return Self.routeName }
    let slash = UInt8(ascii: "/")
    let rest = path.utf8.dropFirst(configuration.basePath.utf8.count).drop { $0 == slash }
    return routeNames[String(Substring(rest.prefix { $0 != slash }))] ?? Self.routeName
  }

  static var routeName: String { "scim2" }

  /// By the first part of the path.
  static func routeNames(_ catalog: SchemaCatalog) -> [String: String] {
    let fixed = ["ServiceProviderConfig", "Schemas", "ResourceTypes", "Me", "Bulk", ".search"]
    let names = fixed + catalog.resourceTypes.map { String($0.endpoint.dropFirst()) }
    return Dictionary(names.map { ($0, "\(routeName)/\($0)") }, uniquingKeysWith: { first, _ in first })
  }
}
