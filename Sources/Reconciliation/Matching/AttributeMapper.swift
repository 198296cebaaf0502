import JSON
import SCIM

/// Applies an endpoint's mapping to the attributes of a manifest.
struct AttributeMapper {
  let rules: TypeRules
  let mapping: [AttributeMapping]

  /// - Parameter roles: the names of the roles that name this resource.
  /// - Returns: the attributes as the endpoint is to hold them. A rule whose source has no value changes nothing.
  func apply(to attributes: JSONObject, roles: [String]) -> JSONObject {
    guard !mapping.isEmpty else { return attributes }
    var mapped = attributes
    for rule in mapping {
      guard let attribute = rule.target.resolve(in: rules.type, catalog: rules.catalog),
        let value = value(of: rule, for: attribute, from: attributes, roles: roles)
      else { continue }
      mapped = set(rule.target, to: rule.lowercased ? value.lowercased : value, in: mapped)
    }
    return mapped
  }

  private func value(
    of rule: AttributeMapping, for attribute: Attribute, from attributes: JSONObject, roles: [String]
  ) -> JSONValue? {
    let takesMany = attribute.isMultiValued && rule.target.valueFilter == nil && rule.target.subAttribute == nil
    switch rule.source {
    case .constant(let value): return value
    case .roles:
      return .array(roles.map { takesMany && attribute.type == .string ? .string($0) : ["value": .string($0)] })
    case .template(let parts): return text(of: parts, from: attributes).map(JSONValue.string)
    case .attribute(let path):
      let values = values(at: path, in: attributes)
      guard let first = values.first else { return nil }
      return takesMany ? .array(values) : first
    }
  }

  /// nil when one of the attributes in it has no value: half a text is worse than none.
  private func text(of parts: [AttributeMapping.TemplatePart], from attributes: JSONObject) -> String? {
    var text = ""
    for part in parts {
      switch part {
      case .text(let literal): text += literal
      case .attribute(let path):
        guard let value = values(at: path, in: attributes).first?.scalarText else { return nil }
        text += value
      }
    }
    return text
  }

  private func values(at path: AttributePath, in attributes: JSONObject) -> [JSONValue] {
    path.values(in: attributes).flatMap { $0.array ?? [$0] }.filter { !$0.isNull }
  }

  private func set(_ path: AttributePath, to value: JSONValue, in attributes: JSONObject) -> JSONObject {
    if path.schema == nil, path.valueFilter == nil, path.subAttribute == nil {
      var changed = attributes
      changed[path.attribute] = value
      return changed
    }
    let patcher = ResourcePatcher(type: rules.type, catalog: rules.catalog)
    // A target that the resource has no element for has nothing to be written into.
    var changed = (try? patcher.applying([PatchOperation(.replace, path, value: value)], to: attributes)) ?? attributes
    if attributes["schemas"] == nil { changed["schemas"] = nil }
    return changed
  }
}

extension JSONValue {
  fileprivate var lowercased: JSONValue {
    switch self {
    case .string(let text): .string(text.lowercased())
    case .array(let elements): .array(elements.map(\.lowercased))
    case .null, .bool, .number, .object: self
    }
  }

  /// How a single value reads inside of a text; nil for what has parts.
  var scalarText: String? {
    switch self {
    case .string(let text): text
    case .number(let number): number.literal
    case .bool(let flag): flag ? "true" : "false"
    case .null, .array, .object: nil
    }
  }
}
