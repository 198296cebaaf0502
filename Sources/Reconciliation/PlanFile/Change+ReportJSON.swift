import JSON

// What is told of a plan, in JSON: the form of reports and of ``PlanRecord``. Unlike that of plan files it holds nothing that is
// sent.

/// What people are told of a change, wherever it is kept.
package protocol ToldChange {
  var key: ResourceKey { get }
  var action: Change.Action { get }
  var situation: Situation { get }
  /// nil for a create.
  var remoteID: String? { get }
  var attributes: [AttributeChange] { get }
  var reason: String { get }
  var source: SourceLocation? { get }
}

extension Change: ToldChange {}

extension ToldChange {
  package func json(endpoint: String) -> JSONObject {
    var object: JSONObject = [
      "kind": .string(key.kind), "name": .string(key.name), "endpoint": .string(endpoint),
      "action": .string(action.rawValue), "situation": .string(situation.rawValue), "reason": .string(reason),
    ]
    object["id"] = remoteID.map(JSONValue.string)
    object["source"] = source.json
    object["attributes"] = .array(attributes.map(\.json))
    return object
  }
}

extension AttributeChange {
  package var json: JSONValue {
    [
      "path": .string(path), "before": before ?? .null, "after": after ?? .null, "cause": .string(cause.rawValue),
    ]
  }

  /// nil for what is none.
  init?(json: JSONValue) {
    guard let path = json["path"]?.string, let cause = json["cause"]?.string.flatMap(Cause.init) else { return nil }
    self.init(path: path, before: json["before"]?.unlessNull, after: json["after"]?.unlessNull, cause: cause)
  }
}

extension EndpointPlan.Withheld {
  package func json(endpoint: String) -> JSONObject {
    var object: JSONObject = [
      "kind": .string(key.kind), "name": .string(key.name), "endpoint": .string(endpoint),
      "situation": .string(situation.rawValue), "reason": .string(reason),
    ]
    object["source"] = source.json
    return object
  }

  /// nil for what is none.
  init?(json: JSONValue) {
    guard let key = ResourceKey(json: json), let situation = json["situation"]?.string.flatMap(Situation.init) else {
      return nil
    }
    self.init(
      key: key, situation: situation, reason: json["reason"]?.string ?? "", source: SourceLocation(json: json["source"])
    )
  }
}

extension Objection {
  package var json: JSONValue {
    [
      "guardrail": .string(guardrail), "endpoint": .string(endpoint), "message": .string(message),
      "hint": .string(hint),
      "resources": .array(keys.map { .string($0.description) }),
    ]
  }

  /// nil for what is none.
  init?(json: JSONValue) {
    guard let guardrail = json["guardrail"]?.string, let endpoint = json["endpoint"]?.string,
      let message = json["message"]?.string
    else { return nil }
    self.init(
      guardrail: guardrail, endpoint: endpoint, message: message, hint: json["hint"]?.string ?? "",
      keys: (json["resources"]?.array ?? []).compactMap { $0.string.flatMap { ResourceKey($0) } })
  }
}

extension ResourceKey {
  /// From the members `kind` and `name`.
  init?(json: JSONValue) {
    guard let kind = json["kind"]?.string, let name = json["name"]?.string else { return nil }
    self.init(kind, name)
  }
}

extension SourceLocation? {
  /// `people.yaml:12`; null for what stands in no manifest.
  package var json: JSONValue { map { .string("\($0.file):\($0.line)") } ?? .null }
}

extension SourceLocation {
  /// nil for what stands in no manifest.
  init?(json: JSONValue?) {
    guard let text = json?.string, let colon = text.lastIndex(of: ":"),
      let line = Int(text[text.index(after: colon)...])
    else { return nil }
    self.init(file: String(text[..<colon]), line: line)
  }
}

extension JSONValue {
  fileprivate var unlessNull: JSONValue? {
    // Not by `?:`, where nil would be JSON's null.
    guard !isNull else { return nil }
    return self
  }
}
