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

  /// What is wrong with the controller itself, one line each.
  var warnings: [String] {
    var warnings: [String] = []
    if let problem = json["source"]?["problem"]?["message"]?.string {
      warnings.append("\(problem); the last good state stays in force".escapingControls())
    }
    if let notice = json["source"]?["notice"]?.string { warnings.append(notice.escapingControls()) }
    if json["stateReachable"]?.bool == false { warnings.append("the state store cannot be reached") }
    return warnings
  }
}
