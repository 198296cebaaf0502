import HTTPTypes

/// What a path below `/console` means.
enum ConsoleRoute: Hashable, Sendable {
  enum Action: String, Hashable, Sendable, CaseIterable {
    case view = ""
    case edit, delete, active, password, members, access, secret
  }

  /// What there is of an endpoint that controllers look after, and what can be asked of them.
  enum EndpointAction: String, Hashable, Sendable, CaseIterable {
    case view = ""
    case plan, drift, reconcile, suspend, resume, approve

    /// Those that only show something, with what leads there.
    static let pages: [(EndpointAction, String)] = [(.view, "Status"), (.plan, "Plan"), (.drift, "Drift")]
  }

  case overview
  case liveEndpoints
  case endpoints
  case endpoint(String, EndpointAction)
  /// A finding of drift at an endpoint, by its fingerprint.
  case finding(String, fingerprint: String)
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
      case ["live"]: self = .liveEndpoints
      case ["endpoints"]: self = .endpoints
      default:
        if first == "endpoints", segments.count == 4, segments[2] == EndpointAction.drift.rawValue {
          self = .finding(segments[1], fingerprint: segments[3])
          return
        }
        guard first == "endpoints", segments.count <= 3,
          let action = EndpointAction(rawValue: segments.count == 2 ? "" : segments[2])
        else { return nil }
        self = .endpoint(segments[1], action)
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
    case .overview, .audit, .auditExport, .list, .endpoint(_, .view), .endpoint(_, .plan), .endpoint(_, .drift),
      .resource(_, _, .view), .resource(_, _, .access), .liveProvisioning, .liveEndpoints:
      [.get]
    case .resource(_, _, .active), .endpoint(_, .reconcile), .endpoint(_, .resume): [.post]
    case .provisioning, .new, .resource, .endpoints, .endpoint, .finding: [.get, .post]
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
