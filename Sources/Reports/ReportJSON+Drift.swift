import Foundation
import JSON
import Reconciliation

extension DriftOverview {
  /// How the findings were told apart.
  var json: JSONValue {
    let standings = items.map(standing)
    var object: JSONObject = [
      "time": .string(time.formatted(.iso8601)),
      "open": .number(JSONNumber(standings.count { $0 == .open })),
      "new": .number(JSONNumber(open.count(where: \.isNew))),
      "acknowledged": .number(JSONNumber(standings.count { if case .acknowledged = $0 { true } else { false } })),
      "baseline": .number(JSONNumber(standings.count { $0 == .baseline })),
      "notShown": .number(JSONNumber(standings.count { $0 == .filtered })),
    ]
    object["onlyNew"] = filter.onlyNew ? true : nil
    object["olderThan"] = filter.minimumAge.map { .number(JSONNumber(Int($0))) }
    return .object(object)
  }
}

extension KnownFinding {
  /// Times in RFC 3339, ages in seconds.
  var json: JSONObject {
    let finding = item.finding
    var object: JSONObject = [
      "class": .string(finding.class.rawValue), "kind": .string(finding.key.kind), "name": .string(finding.key.name),
      "endpoint": .string(finding.endpoint), "source": finding.source.json,
      "attributes": .array(finding.attributes.map(\.json)), "fingerprint": .string(item.fingerprint),
      "standing": .string(standing.name),
    ]
    if let record = item.record {
      object["new"] = .bool(item.isNew)
      object["firstSeen"] = .string(record.firstSeen.formatted(.iso8601))
      object["age"] = age.map { .number(JSONNumber(Int($0))) }
    }
    if case .acknowledged(let acknowledgement) = standing { object["acknowledgement"] = acknowledgement.json }
    object["manifestChange"] = doing.manifest?.json
    object["modified"] = doing.modified.map { .string($0.formatted(.iso8601)) }
    return object
  }
}

extension DriftOverview.Standing {
  /// One word for machines.
  var name: String {
    switch self {
    case .open: "open"
    case .filtered: "filtered"
    case .acknowledged: "acknowledged"
    case .baseline: "baseline"
    }
  }
}

extension Acknowledgement {
  var json: JSONValue {
    [
      "until": .string(until.formatted(.iso8601)), "reason": .string(reason), "by": .string(by),
      "at": .string(at.formatted(.iso8601)),
    ]
  }
}

extension ManifestChange {
  var json: JSONValue {
    [
      "commit": .string(commit), "author": .string(author), "time": .string(time.formatted(.iso8601)),
      "subject": .string(subject),
    ]
  }
}
