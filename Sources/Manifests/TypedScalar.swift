import JSON
import SCIM

extension FileScope {
  /// The value of a scalar where the schema expects this type; nil, and a fault, when it does not fit.
  func value(of node: YAMLNode, as type: Attribute.DataType, what name: String) -> JSONValue? {
    guard case .scalar(let text, let isPlain) = node.content else {
      report(.wrongType, "`\(name)` must be \(type.article)", at: node.mark)
      return nil
    }
    do throws(YAMLScalarError) {
      let value = try YAMLScalar.value(text, isPlain: isPlain, as: type)
      guard !value.isNull else {
        report(.wrongType, "`\(name)` must be \(type.article), not nothing", at: node.mark)
        return nil
      }
      return value
    } catch {
      report(.wrongType, "`\(name)`: \(error.message)", at: node.mark, hint: error.hint)
      return nil
    }
  }
}

extension YAMLNode {
  /// The value where no schema says the type: what the YAML 1.2 core schema takes it for.
  var untyped: JSONValue {
    switch content {
    case .scalar(let text, let isPlain): YAMLScalar.inferred(text, isPlain: isPlain)
    case .sequence(let items): .array(items.map(\.untyped))
    case .mapping(let entries):
      .object(JSONObject(uniqueMembers: entries.map { JSONObject.Member(key: $0.key, value: $0.value.untyped) }))
    }
  }
}

extension Attribute.DataType {
  /// What a value of this type is, for messages: "must be …".
  fileprivate var article: String {
    switch self {
    case .string: "text"
    case .boolean: "true or false"
    case .decimal: "a number"
    case .integer: "a whole number"
    case .dateTime: "a date and time"
    case .binary: "Base64 text"
    case .reference: "a URI or a name"
    case .complex: "a mapping"
    }
  }
}
