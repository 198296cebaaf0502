import Foundation
import JSON

/// What can be asked of a running controller, as its server and its clients both say it.
package enum ControllerCall: Hashable, Sendable {
  /// How every endpoint fares.
  case status
  /// One pass at this endpoint as soon as may be; nil: at every one.
  case reconcile(String?)
  /// No passes until it is resumed.
  case suspend(String, reason: String)
  case resume(String)
  /// Lets the plan that a guardrail refused pass once.
  /// - Parameter plan: the beginning of its hash; nil: whichever was refused last.
  case approve(String, plan: String?)
  /// Lets manifests in that were held back because most of their documents are gone.
  case approveSource

  /// The words of the calls about one endpoint, as they stand in the path.
  private enum Verb: String { case reconcile, suspend, resume, approve }

  package static let base = "/api"

  package var path: String {
    switch self {
    case .status: Self.base + "/status"
    case .reconcile(nil): Self.base + "/reconcile"
    case .reconcile(let name?): Self.path(.reconcile, name)
    case .suspend(let name, _): Self.path(.suspend, name)
    case .resume(let name): Self.path(.resume, name)
    case .approve(let name, _): Self.path(.approve, name)
    case .approveSource: Self.base + "/source/approve"
    }
  }

  package var isRead: Bool { self == .status }

  private static func path(_ verb: Verb, _ name: String) -> String { "\(base)/endpoints/\(name)/\(verb.rawValue)" }

  /// What goes with the path: only what the call needs.
  package var parameters: JSONObject {
    switch self {
    case .suspend(_, let reason): ["reason": .string(reason)]
    case .approve(_, let plan?): ["plan": .string(plan)]
    case .status, .reconcile, .resume, .approve, .approveSource: [:]
    }
  }

  /// nil for a path that is none of ours.
  package init?(path: String, parameters: JSONObject = [:]) {
    switch path {
    case Self.base + "/status": self = .status
    case Self.base + "/reconcile": self = .reconcile(nil)
    case Self.base + "/source/approve": self = .approveSource
    default:
      let parts = path.split(separator: "/").map(String.init)
      guard parts.count == 4, parts[0] == "api", parts[1] == "endpoints", let verb = Verb(rawValue: parts[3])
      else { return nil }
      self =
        switch verb {
        case .reconcile: .reconcile(parts[2])
        case .suspend: .suspend(parts[2], reason: parameters["reason"]?.string ?? "")
        case .resume: .resume(parts[2])
        case .approve: .approve(parts[2], plan: parameters["plan"]?.string)
        }
    }
  }

  /// The endpoint that it is about; nil when it is about all.
  package var endpoint: String? {
    switch self {
    case .status, .approveSource: nil
    case .reconcile(let name): name
    case .suspend(let name, _), .resume(let name), .approve(let name, _): name
    }
  }
}
