import Foundation
import JSON
import Reconciliation

extension DecisionTrace {
  /// The trace as JSON. Fields are only ever added.
  package var json: JSONValue {
    var object: JSONObject = [
      "kind": .string(key.kind), "name": .string(key.name), "endpoint": .string(endpoint),
      "inScope": .bool(outOfScope == nil && source != nil), "correlation": .string(correlation),
      "tries": .array(tries.map(\.json)),
      "mapping": .array(
        mapped.map { rule in
          var object: JSONObject = ["to": .string(rule.target), "value": rule.value]
          object["source"] = rule.source.map { .string($0.place) }
          return .object(object)
        }), "changes": .array(changes.map { .object($0.json(endpoint: endpoint)) }),
      "withheld": .array(withheld.map { .string($0.reason) }), "recorded": .bool(isRecorded),
      "forgotten": .bool(isForgotten), "objections": .array(objections.map(\.json)),
    ]
    object["source"] = source.map { .string($0.place) }
    object["outOfScope"] = outOfScope.map(JSONValue.string)
    object["situation"] = situation.map { .string($0.rawValue) }
    object["id"] = liveID.map(JSONValue.string)
    object["liveName"] = liveName.map(JSONValue.string)
    object["inactive"] = inactive.map(JSONValue.string)
    object["removal"] = removal.map { .string($0.rawValue) }
    object["ledger"] = entry.map { entry in
      [
        "id": .string(entry.remoteID), "origin": .string(entry.origin.rawValue),
        "updatedAt": .string(entry.updatedAt.formatted(.iso8601)), "onRemoval": .string(entry.onRemoval.rawValue),
      ]
    }
    return .object(object)
  }
}

extension DecisionTrace.Try {
  fileprivate var json: JSONValue {
    [
      "tie": .string(tie), "values": .array(values.map(JSONValue.string)),
      "found": .array(found.map(JSONValue.string)),
    ]
  }
}
