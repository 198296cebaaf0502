import Foundation
import JSON
import Reconciliation

extension Report {
  /// The report as JSON, format version 1. Fields are only ever added.
  var json: JSONValue {
    var object: JSONObject = [
      "formatVersion": 1,
      "verb": .string(verb.rawValue),
      "documents": .number(JSONNumber(documents)),
      "diagnostics": .array(diagnostics.map(\.json)),
    ]
    if verb != .validate { addPlan(plan ?? Plan(endpoints: []), to: &object) }
    object["expiresAt"] = planExpiresAt.map { .string($0.formatted(.iso8601)) }
    object["run"] = summary.map { .string($0.run) }
    object["exit"] = .number(JSONNumber(Int(exit.rawValue)))
    object["reasons"] = .array(reasons.map(JSONValue.string))
    return .object(object)
  }

  private func addPlan(_ plan: Plan, to object: inout JSONObject) {
    object["summary"] = .object(plan.summary.json)
    object["endpoints"] = .array(plan.endpoints.map(\.json) + unreachable.map(\.json))
    object["changes"] = .array(
      plan.endpoints.flatMap { $0.changesJSON(outcomes: summary?.outcomes(at: $0.endpoint) ?? [], manifestChanges) })
    object["withheld"] = .array(plan.endpoints.flatMap(\.withheldJSON))
    object["findings"] = verb == .drift ? .array(known.map { .object($0.json) }) : nil
    object["drift"] = drift?.json
    object["access"] = .array(plan.accessChanges.map(\.json))
    object["objections"] = .array(objections.map(\.json))
    object["calls"] = .number(JSONNumber(plan.changes.count))
    // Without a valid set of manifests there is no plan to name.
    object["hash"] = self.plan.map { .string($0.hash) } ?? .null
  }
}

extension Report.Unreachable {
  var json: JSONValue { ["name": .string(endpoint), "reachable": false, "message": .string(message)] }
}

extension Diagnostic {
  var json: JSONValue {
    var object: JSONObject = [
      "severity": .string(severity.rawValue), "code": .string(code), "message": .string(message),
      "file": .string(location.file), "line": .number(JSONNumber(location.line)),
      "column": .number(JSONNumber(location.column)),
    ]
    object["hint"] = hint.map(JSONValue.string)
    if !notes.isEmpty {
      object["notes"] = .array(
        notes.map { note in
          var entry: JSONObject = ["message": .string(note.message)]
          entry["location"] = note.location.map { .string($0.description) }
          return .object(entry)
        })
    }
    return .object(object)
  }
}

extension EndpointPlan {
  var json: JSONValue {
    [
      "name": .string(endpoint), "reachable": true, "type": .string(driver.rawValue), "summary": .object(summary.json),
      "reads": .array(reads.map(\.json)), "adopted": .number(JSONNumber(adoptions.count)),
      "foreign": .array(
        foreign.map { ["kind": .string($0.resourceType), "id": .string($0.id), "name": .string($0.name)] }),
      "limitations": .array(limitations.map(JSONValue.string)),
    ]
  }

  /// - Parameter outcomes: in the order of the changes; empty when nothing was applied.
  func changesJSON(
    outcomes: [Outcome], _ manifestChanges: [SourceLocation: ManifestChange]
  ) -> [JSONValue] {
    changes.enumerated().map { index, change in
      var object = change.json(endpoint: endpoint)
      object["modified"] = modified[change.key].map { .string($0.formatted(.iso8601)) }
      object["manifestChange"] = change.source.flatMap { manifestChanges[$0]?.json }
      if outcomes.indices.contains(index) {
        object["outcome"] = .string(outcomes[index].name)
        object["message"] = outcomes[index].words.isEmpty ? nil : .string(outcomes[index].words)
      }
      return .object(object)
    }
  }

  var withheldJSON: [JSONValue] { withheld.map { .object($0.json(endpoint: endpoint)) } }
}

extension EndpointPlan.Read {
  var json: JSONValue {
    var object: JSONObject = [
      "kind": .string(resourceType), "read": .number(JSONNumber(read)), "complete": .bool(completeness.isComplete),
    ]
    object["total"] = total.map { .number(JSONNumber($0)) }
    if case .incomplete(let reason) = completeness { object["reason"] = .string(reason) }
    return .object(object)
  }
}

extension AccessChange {
  var json: JSONValue {
    var object: JSONObject = [
      "member": .string(member), "group": .string(group), "endpoint": .string(endpoint), "gains": .bool(gains),
    ]
    object["until"] = until.map { .string($0.formatted(.iso8601)) }
    return .object(object)
  }
}
