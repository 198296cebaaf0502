import HTTPTypes

/// What a path below `/console` means.
enum ConsoleRoute: Hashable, Sendable {
  enum Action: String, Hashable, Sendable, CaseIterable {
    case view = ""
    case edit, delete, active, password, members, access, secret
  }

  case overview
  case provisioning
  case liveProvisioning
  case audit
  case auditExport(AuditFormat)
  case list(ConsoleKind)
  case new(ConsoleKind)
  case resource(ConsoleKind, id: String, Action)

  /// nil when the console has no such path.
  /// - Parameter path: as it stands in the request, still percent-encoded.
  init?(path: String) {
    let segments = path.dropFirst(ConsoleService.path.count).split(separator: "/").map { $0.percentDecoded() }
    guard segments.allSatisfy({ $0 != nil }) else { return nil }
    self.init(segments.compactMap(\.self))
  }

  private init?(_ segments: [String]) {
    guard let first = segments.first else { self = .overview; return }
    guard let kind = ConsoleKind.all.first(where: { $0.slug == first }) else {
      switch segments {
      case ["provisioning"]: self = .provisioning
      case ["provisioning", "live"]: self = .liveProvisioning
      case ["audit"]: self = .audit
      case ["audit", "export.csv"]: self = .auditExport(.csv)
      case ["audit", "export.json"]: self = .auditExport(.json)
      default: return nil
      }
      return
    }
    switch segments.count {
    case 1: self = .list(kind)
    case 2 where segments[1] == "new": self = .new(kind)
    case 2, 3:
      guard let action = Action(rawValue: segments.count == 2 ? "" : segments[2]),
        action.belongs(to: kind), segments.count == 2 || action != .view
      else { return nil }
      self = .resource(kind, id: segments[1], action)
    default: return nil
    }
  }

  /// The methods that the path answers.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .overview, .audit, .auditExport, .list, .resource(_, _, .view), .resource(_, _, .access): [.get, .head]
    case .liveProvisioning: [.get]
    case .resource(_, _, .active): [.post]
    case .provisioning, .new, .resource: [.get, .head, .post]
    }
  }

  /// The page from which a form is sent to a path: the path itself where it can be read.
  static func page(of path: String) -> String {
    guard let route = ConsoleRoute(path: path), !route.methods.contains(.get) else { return path }
    return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
  }
}

extension ConsoleRoute.Action {
  fileprivate func belongs(to kind: ConsoleKind) -> Bool {
    switch self {
    case .view, .edit, .delete: true
    case .active, .password, .access: kind == .users
    case .members: kind.holdsMembers
    case .secret: kind == .serviceProviders
    }
  }
}
