import JSON
import Reconciliation

extension SourceStatus {
  /// As `status -o json` and the controller's API tell it; moments are RFC 3339 texts.
  package var json: JSONObject {
    var object: JSONObject = ["source": .string(source), "current": .bool(isCurrent)]
    object["revision"] = revision.map { revision in
      [
        "commit": .string(revision.commit), "author": .string(revision.author), "time": revision.time.recordJSON,
        "subject": .string(revision.subject), "dirty": .bool(revision.isDirty),
      ]
    }
    object["documents"] = documents.map { .number(JSONNumber($0)) }
    object["inForceSince"] = inForceSince.map(\.recordJSON)
    object["checkedAt"] = checkedAt.map(\.recordJSON)
    object["problem"] = problem.map { ["reason": .string($0.reason.rawValue), "message": .string($0.message)] }
    object["problemSince"] = problemSince.map(\.recordJSON)
    object["notice"] = notice.map(JSONValue.string)
    return object
  }
}
