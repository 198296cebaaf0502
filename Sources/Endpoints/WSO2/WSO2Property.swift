import JSON

/// The properties of an authenticator or a connector: a list of keys and texts.
enum WSO2Property {
  /// The values by their keys.
  static func values(_ document: JSONObject) -> JSONObject {
    var values: JSONObject = [:]
    for property in document["properties"]?.array ?? [] {
      if let key = property["key"]?.string { values[key] = property["value"] }
    }
    return values
  }

  static func list(_ values: JSONObject) -> JSONValue {
    .array(values.members.map { ["key": .string($0.key), "value": $0.value] })
  }

  /// nil for what says nothing.
  static func said(_ value: JSONValue?) -> JSONValue? {
    guard let value, !value.isNull, value.string != "" else { return nil }
    return value
  }
}
