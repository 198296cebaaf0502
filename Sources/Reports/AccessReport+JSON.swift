import Foundation
import JSON
import Reconciliation

extension AccessReport {
  /// The answer as JSON, format version 1. Fields are only ever added.
  package var json: JSONValue {
    var object: JSONObject = [
      "formatVersion": 1, "member": .string(member.description), "source": .string(source.place),
      "given": .bool(isGiven), "ways": .array(ways.map(json)),
    ]
    object["inactive"] = inactive.map(JSONValue.string)
    object["target"] = target.map(JSONValue.string)
    if !endpoints.isEmpty || !unreachable.isEmpty {
      object["endpoints"] = .array(endpoints.map(json) + unreachable.map(\.json))
    }
    return .object(object)
  }

  private func json(_ way: AccessWay) -> JSONValue {
    [
      "container": .string(way.container.description), "leads": .bool(way.leads(at: now)),
      "steps": .array(way.steps.map(json)),
    ]
  }

  private func json(_ step: AccessStep) -> JSONValue {
    var object: JSONObject = [
      "member": .string(step.member.description), "container": .string(step.container.description),
      "mode": .string(step.mode.rawValue), "source": .string(step.source.place),
    ]
    switch step.basis {
    case .named: object["by"] = "name"
    case .selected(let labels):
      object["by"] = "selector"
      object["matchLabels"] = .object(JSONObject(labels.sorted { $0.key < $1.key }.map { ($0, .string($1)) }))
    }
    object["from"] = step.from.map { .string($0.formatted(.iso8601)) }
    object["until"] = step.until.map { .string($0.formatted(.iso8601)) }
    object["obstacle"] = step.obstacle(at: now).map { .string($0.words) }
    return .object(object)
  }

  private func json(_ there: AccessThere) -> JSONValue {
    var object: JSONObject = [
      "name": .string(there.endpoint), "reachable": true, "there": .bool(there.id != nil),
      "holdings": .array(there.holdings.map { json($0, at: there.endpoint) }),
      "upcoming": .array(
        there.upcoming.map { ["container": .string($0.groupKey.description), "gains": .bool($0.gains)] }),
    ]
    object["id"] = there.id.map(JSONValue.string)
    object["active"] = there.isActive.map(JSONValue.bool)
    object["doubt"] = there.doubt.map(JSONValue.string)
    return .object(object)
  }

  private func json(_ holding: AccessThere.Holding, at endpoint: String) -> JSONValue {
    var object: JSONObject = [
      "member": .string(holding.member), "container": .string(holding.container),
      "memberID": .string(holding.memberID), "containerID": .string(holding.containerID),
    ]
    switch holding.origin {
    case .ours(let date):
      object["origin"] = "manifests"
      object["recordedAt"] = .string(date.formatted(.iso8601))
    case .foreign: object["origin"] = "foreign"
    }
    if let made = addition(holding, at: endpoint) {
      object["addedAt"] = .string(made.time.formatted(.iso8601))
      object["addedBy"] = .string(made.actor)
      object["run"] = made.run.map(JSONValue.string)
      object["commit"] = made.commit.map(JSONValue.string)
    }
    return .object(object)
  }
}
