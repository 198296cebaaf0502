import Foundation
import JSON

// The form of the last plan in the state store. Changes stand in it as they do in a report.

extension PlanRecord {
  package var json: JSONObject {
    var object: JSONObject = [
      "endpoint": .string(endpoint), "time": time.recordJSON, "result": .string(result),
      "summary": .object(summary.json), "changes": .array(changes.map { .object($0.kept(endpoint: endpoint)) }),
      "withheld": .array(withheld.map { .object($0.json(endpoint: endpoint)) }),
      "objections": .array(objections.map(\.json)),
    ]
    object["hash"] = hash.map(JSONValue.string)
    object["run"] = run.map(JSONValue.string)
    return object
  }

  /// nil for what is no such plan.
  package init?(json: JSONObject) {
    guard let endpoint = json["endpoint"]?.string, let time = json.moment("time"), let result = json["result"]?.string
    else { return nil }
    self.init(
      endpoint: endpoint, time: time, result: result, hash: json["hash"]?.string, run: json["run"]?.string,
      summary: json["summary"]?.object.map(PlanSummary.init) ?? PlanSummary(),
      changes: (json["changes"]?.array ?? []).compactMap(Entry.init),
      withheld: (json["withheld"]?.array ?? []).compactMap(EndpointPlan.Withheld.init),
      objections: (json["objections"]?.array ?? []).compactMap(Objection.init))
  }
}

extension PlanRecord.Entry {
  fileprivate func kept(endpoint: String) -> JSONObject {
    var object = json(endpoint: endpoint)
    object["outcome"] = outcome.map(JSONValue.string)
    object["message"] = message.isEmpty ? nil : .string(message)
    return object
  }

  fileprivate init?(json: JSONValue) {
    guard let key = ResourceKey(json: json), let action = json["action"]?.string.flatMap(Change.Action.init),
      let situation = json["situation"]?.string.flatMap(Situation.init)
    else { return nil }
    self.init(
      key: key, action: action, situation: situation, remoteID: json["id"]?.string,
      attributes: (json["attributes"]?.array ?? []).compactMap(AttributeChange.init),
      reason: json["reason"]?.string ?? "",
      source: SourceLocation(json: json["source"]), outcome: json["outcome"]?.string,
      message: json["message"]?.string ?? "")
  }
}
