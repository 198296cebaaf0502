import JSON
import SCIM

extension [FormSection] {
  /// All fields that stand by themselves.
  var fields: [FormField] {
    flatMap(\.elements).compactMap { if case .field(let field) = $0 { field } else { nil } }
  }

  var rows: [FormRows] {
    flatMap(\.elements).compactMap { if case .rows(let rows) = $0 { rows } else { nil } }
  }

  /// The form as it stands on the page of a resource, with an empty row behind the others. No secrets.
  func filled(from attributes: JSONObject) -> PostedForm {
    var values: [String: String] = [:]
    for field in fields where field.setsAttribute {
      field.fill(&values, as: field.name, from: JSONValue.object(attributes).value(at: field.path))
    }
    for rows in rows {
      let elements = JSONValue.object(attributes).value(at: rows.path)?.array ?? []
      values[rows.countName] = String(elements.count + 1)
      for (index, element) in (elements + [[:]]).enumerated() {
        for field in rows.fields {
          field.fill(&values, as: rows.name(field, in: index), from: element.value(at: field.path))
        }
      }
    }
    return PostedForm(values)
  }
}

extension FormField {
  fileprivate func fill(_ values: inout [String: String], as name: String, from value: JSONValue?) {
    switch control {
    case .secret: break
    case .text, .choice: values[name] = value?.plainText
    case .flag(let unset): if value?.bool ?? unset { values[name] = PostedForm.on }
    case .boxes: for word in value?.plainTexts ?? [] { values["\(name).\(word)"] = PostedForm.on }
    case .lines: values[name] = value?.plainTexts.joined(separator: "\n")
    }
  }
}

extension PostedForm {
  /// What a checked box says.
  static let on = "on"
}

extension JSONValue {
  func value(at path: [String]) -> JSONValue? { path.reduce(self) { $0?[$1] } }

  /// As people read it.
  var plainText: String {
    switch self {
    case .string(let text): text
    case .bool(let flag): flag ? "Yes" : "No"
    case .null: ""
    case .number, .array, .object: text
    }
  }

  /// Of a list each, of anything else itself.
  var plainTexts: [String] { array?.map(\.plainText) ?? [plainText] }
}
