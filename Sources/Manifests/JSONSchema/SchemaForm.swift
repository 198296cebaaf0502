import JSON

/// The forms of which the JSON Schema of manifests is made (draft-07, which is what editors' YAML language server reads).
///
/// Wherever a scalar stands, a variable may stand too; and text may be written without quotes even where YAML takes it for a
/// number or a boolean, because the reader takes it as the text that it is.
enum SchemaForm {
  /// A mapping with these fields and no others.
  static func object(
    _ properties: [(String, JSONValue)], required: [String] = [], description: String? = nil
  ) -> JSONValue {
    var object = described(description, ["type": "object"])
    if !required.isEmpty { object["required"] = .array(required.map(JSONValue.string)) }
    object["properties"] = .object(JSONObject(properties))
    object["additionalProperties"] = false
    return .object(object)
  }

  /// A mapping of any names to values of this form.
  static func map(of form: JSONValue, _ description: String? = nil) -> JSONValue {
    .object(described(description, ["type": "object", "additionalProperties": form]))
  }

  static func list(of form: JSONValue, _ description: String? = nil, atLeast count: Int = 0) -> JSONValue {
    var object = described(description, ["type": "array", "items": form])
    if count > 0 { object["minItems"] = .number(JSONNumber(count)) }
    return .object(object)
  }

  static func text(_ description: String? = nil, examples: [String] = []) -> JSONValue {
    var object = described(description, ["type": ["string", "number", "boolean"]])
    if !examples.isEmpty { object["examples"] = .array(examples.map(JSONValue.string)) }
    return .object(object)
  }

  /// Text of this pattern (ECMA 262).
  static func text(_ description: String?, matching pattern: String, examples: [String] = []) -> JSONValue {
    var object = described(description, ["type": "string", "pattern": .string("\(pattern)|\(variablePattern)")])
    if !examples.isEmpty { object["examples"] = .array(examples.map(JSONValue.string)) }
    return .object(object)
  }

  static func boolean(_ description: String? = nil) -> JSONValue { orVariable(["type": "boolean"], description) }

  static func integer(_ description: String? = nil, from minimum: Int? = nil, to maximum: Int? = nil) -> JSONValue {
    var object: JSONObject = ["type": "integer"]
    if let minimum { object["minimum"] = .number(JSONNumber(minimum)) }
    if let maximum { object["maximum"] = .number(JSONNumber(maximum)) }
    return orVariable(object, description)
  }

  static func number(_ description: String? = nil) -> JSONValue { orVariable(["type": "number"], description) }

  /// One of the cases of an enumeration.
  static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ type: Choice.Type, _ description: String? = nil
  ) -> JSONValue {
    choice(Choice.allCases.map(\.rawValue), description)
  }

  static func choice(_ values: [String], _ description: String? = nil) -> JSONValue {
    orVariable(["enum": .array(values.map(JSONValue.string))], description)
  }

  /// Text with some values that are usual.
  static func suggestion(_ values: [String], _ description: String? = nil) -> JSONValue {
    any(of: [["enum": .array(values.map(JSONValue.string))], text()], description)
  }

  static func any(of forms: [JSONValue], _ description: String? = nil) -> JSONValue {
    .object(described(description, ["anyOf": .array(forms)]))
  }

  static func orNull(_ form: JSONValue) -> JSONValue {
    let description = form["description"]?.string
    guard var object = form.object, let forms = object["anyOf"]?.array else {
      var bare = form.object ?? JSONObject()
      bare["description"] = nil
      return any(of: [.object(bare), ["type": "null"]], description)
    }
    object["anyOf"] = .array(forms + [["type": "null"]])
    return .object(object)
  }

  static func duration(_ description: String? = nil) -> JSONValue {
    text(description, matching: "^([0-9]+[wdhms])+$", examples: ["30d", "12h", "15m"])
  }

  static func time(_ description: String? = nil) -> JSONValue {
    text(
      description, matching: "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt].+)?$", examples: ["2026-12-31", "2026-12-31T00:00:00Z"])
  }

  /// Either of two shapes of a document, by the value of a field.
  static func when(_ field: String, is value: String, then form: JSONValue) -> JSONValue {
    [
      "if": ["properties": .object([field: ["const": .string(value)]]), "required": [.string(field)]],
      "then": form,
    ]
  }

  /// `${NAME}` anywhere in a text.
  private static let variablePattern = "\\$\\{"

  private static func orVariable(_ form: JSONObject, _ description: String?) -> JSONValue {
    any(of: [.object(form), ["type": "string", "pattern": .string(variablePattern)]], description)
  }

  private static func described(_ description: String?, _ form: JSONObject) -> JSONObject {
    guard let description, !description.isEmpty else { return form }
    var object: JSONObject = ["description": .string(description)]
    for member in form { object[member.key] = member.value }
    return object
  }
}
