import Foundation
import JSON
import Reconciliation
import Reports

/// What a controller says of itself and its endpoints.
struct ControllerAnswer {
  let json: JSONObject

  init(_ json: JSONObject) { self.json = json }

  var statuses: [EndpointStatus] {
    (json["endpoints"]?.array ?? []).compactMap { $0.object.flatMap(EndpointStatus.init) }
  }

  /// Which manifests the controller goes by.
  var manifests: StatusText.Manifests {
    StatusText.Manifests(
      areInForce: json["source"]?["inForceSince"]?.string != nil,
      problem: json["source"]?["problem"]?["message"]?.string)
  }

  /// The names of all endpoints, or why there are none.
  var endpointsInWords: String {
    let names = statuses.map(\.endpoint)
    if names.isEmpty {
      return manifests.areInForce ? "there is none at all" : "no manifests are in force: see rollcall status"
    }
    return "there is \(names.joined(separator: ", "))"
  }

  /// What else is wrong with the controller itself, one line each.
  var warnings: [String] {
    var warnings: [String] = []
    if let notice = json["source"]?["notice"]?.string { warnings.append(notice.escapingControls()) }
    if json["stateReachable"]?.bool == false { warnings.append("the state store cannot be reached") }
    return warnings
  }
}
