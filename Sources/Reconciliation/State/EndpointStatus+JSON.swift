import Foundation
import JSON

// The form of a status in the state store, in the controller's API and in `status -o json`. Moments are RFC 3339 texts,
// to the millisecond. Whoever reads an older form takes what is missing for not known.

extension EndpointStatus {
  package var json: JSONObject {
    var object: JSONObject = [
      "endpoint": .string(endpoint),
      "conditions": .array(conditions.map { .object($0.json) }),
      "failures": .number(JSONNumber(failures)),
      "pending": .object(pending.json),
      "withheld": .array(withheld.map { ["resource": .string($0.key.description), "reason": .string($0.reason)] }),
      "drift": .object(
        JSONObject(
          uniqueMembers: DriftReport.Finding.Class.allCases.map {
            .init(key: $0.rawValue, value: .number(JSONNumber(drift[$0] ?? 0)))
          })),
    ]
    object["lastPass"] = lastPass.map(\.recordJSON)
    object["lastPassBegan"] = lastPassBegan.map(\.recordJSON)
    object["lastConvergence"] = lastConvergence.map(\.recordJSON)
    object["nextPass"] = nextPass.map(\.recordJSON)
    object["refusedPlan"] = refusedPlan.map(JSONValue.string)
    object["revision"] = revision.map(JSONValue.string)
    object["controller"] = controller.map(JSONValue.string)
    if !expiries.isEmpty { object["expiries"] = .array(expiries.map(\.recordJSON)) }
    return object
  }

  /// nil for what is no status.
  package init?(json: JSONObject) {
    guard let endpoint = json["endpoint"]?.string else { return nil }
    let conditions = (json["conditions"]?.array ?? []).compactMap { $0.object.flatMap(EndpointCondition.init) }
    self.init(endpoint: endpoint, conditions: conditions, now: .distantPast)
    lastPass = json.moment("lastPass")
    lastPassBegan = json.moment("lastPassBegan")
    lastConvergence = json.moment("lastConvergence")
    nextPass = json.moment("nextPass")
    failures = json["failures"]?.int ?? 0
    pending = json["pending"]?.object.map(PlanSummary.init) ?? PlanSummary()
    withheld = (json["withheld"]?.array ?? []).compactMap { item in
      guard let key = item["resource"]?.string.flatMap({ ResourceKey($0) }), let reason = item["reason"]?.string
      else { return nil }
      return Withheld(key: key, reason: reason)
    }
    for kind in DriftReport.Finding.Class.allCases {
      if let count = json["drift"]?[kind.rawValue]?.int, count > 0 { drift[kind] = count }
    }
    refusedPlan = json["refusedPlan"]?.string
    revision = json["revision"]?.string
    controller = json["controller"]?.string
    expiries = (json["expiries"]?.array ?? []).compactMap { $0.object.flatMap(ExpiryFinding.init) }
  }
}

extension ExpiryFinding {
  /// Without its location, which is another one after the next commit.
  fileprivate var recordJSON: JSONValue {
    [
      "owner": .string(owner.description), "subject": .string(subject.rawValue), "expiresAt": expiresAt.recordJSON,
    ]
  }

  fileprivate init?(json: JSONObject) {
    guard let owner = json["owner"]?.string.flatMap({ ResourceKey($0) }),
      let subject = json["subject"]?.string.flatMap(Subject.init), let end = json.moment("expiresAt")
    else { return nil }
    self.init(owner, subject, expiresAt: end)
  }
}

extension EndpointCondition {
  fileprivate var json: JSONObject {
    [
      "type": .string(kind.rawValue), "status": .bool(isTrue), "reason": .string(reason.rawValue),
      "message": .string(message), "since": since.recordJSON,
    ]
  }

  fileprivate init?(json: JSONObject) {
    guard let kind = json["type"]?.string.flatMap(Kind.init), let isTrue = json["status"]?.bool,
      let reason = json["reason"]?.string.flatMap(Reason.init), let since = json.moment("since")
    else { return nil }
    self.init(kind, isTrue, reason, json["message"]?.string ?? "", since: since)
  }
}

extension EndpointOrder {
  package var json: JSONObject {
    var object: JSONObject = [:]
    object["suspension"] = suspension.map {
      ["by": .string($0.by), "reason": .string($0.reason), "since": $0.since.recordJSON]
    }
    object["approval"] = approval.map { ["plan": .string($0.plan), "by": .string($0.by), "at": $0.at.recordJSON] }
    object["reconcileAfter"] = reconcileAfter.map(\.recordJSON)
    return object
  }

  package init(json: JSONObject) {
    self.init(reconcileAfter: json.moment("reconcileAfter"))
    if let object = json["suspension"]?.object, let since = object.moment("since") {
      suspension = Suspension(
        by: object["by"]?.string ?? "", reason: object["reason"]?.string ?? "", since: since)
    }
    if let object = json["approval"]?.object, let plan = object["plan"]?.string, let at = object.moment("at") {
      approval = Approval(plan: plan, by: object["by"]?.string ?? "", at: at)
    }
  }
}

extension PlanSummary {
  package var json: JSONObject {
    [
      "create": .number(JSONNumber(create)), "update": .number(JSONNumber(update)),
      "disable": .number(JSONNumber(disable)), "delete": .number(JSONNumber(delete)),
      "withheld": .number(JSONNumber(withheld)),
    ]
  }

  init(json: JSONObject) {
    self.init(withheld: json["withheld"]?.int ?? 0)
    create = json["create"]?.int ?? 0
    update = json["update"]?.int ?? 0
    disable = json["disable"]?.int ?? 0
    delete = json["delete"]?.int ?? 0
  }
}

extension Date {
  private static var recordStyle: Date.ISO8601FormatStyle { .init(includingFractionalSeconds: true) }

  /// RFC 3339, to the millisecond.
  package var recordJSON: JSONValue { .string(formatted(Self.recordStyle)) }

  fileprivate init?(record text: String) {
    guard let date = (try? Date(text, strategy: Self.recordStyle)) ?? (try? Date(text, strategy: .iso8601)) else {
      return nil
    }
    self = date
  }
}

extension JSONObject {
  package func moment(_ name: String) -> Date? { self[name]?.string.flatMap { Date(record: $0) } }
}
