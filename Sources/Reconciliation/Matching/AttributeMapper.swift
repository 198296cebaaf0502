import JSON
import SCIM

/// Applies an endpoint's mapping to the attributes of a manifest.
struct AttributeMapper {
  let rules: TypeRules
  let mapping: [AttributeMapping]

  /// - Parameter mapping: the rules; those for attributes that the type does not have are left out, and those for members:
  ///   who belongs is for the manifests to say, where policies see it.
  init(_ rules: TypeRules, _ mapping: [AttributeMapping]) {
    self.rules = rules
    self.mapping = mapping.filter { rule in
      rule.target.resolve(in: rules.type, catalog: rules.catalog) != nil
        && !rules.membershipAttributes.contains { $0.lowercased() == rule.target.attribute.lowercased() }
    }
  }

  /// - Parameter roles: the names of the roles that name this resource.
  /// - Returns: the attributes as the endpoint is to hold them. A rule whose source has no value changes nothing.
  func apply(to attributes: JSONObject, roles: [String]) -> JSONObject {
    guard !mapping.isEmpty else { return attributes }
    var mapped = attributes
    for rule in mapping {
      guard let value = value(of: rule, from: attributes, roles: roles) else { continue }
      mapped = set(rule.target, to: value, in: mapped)
    }
    return mapped
  }

  /// The value of the rule's target; nil when the source has none.
  func value(of rule: AttributeMapping, from attributes: JSONObject, roles: [String]) -> JSONValue? {
    guard let attribute = rule.target.resolve(in: rules.type, catalog: rules.catalog) else { return nil }
    if case .constant(let value) = rule.source { return rule.lowercased ? value.lowercased : value }
    var values = values(of: rule.source, in: attributes, roles: roles)
    if let table = rule.table { values = values.compactMap { $0.scalarText.flatMap { table[$0] } } }
    if let separator = rule.separator, !values.isEmpty {
      values = [.string(values.compactMap(\.scalarText).joined(separator: separator))]
    }
    if rule.lowercased { values = values.map(\.lowercased) }
    // Who has no role is to have none there; any other source without a value says nothing.
    if values.isEmpty, rule.source != .roles { return rule.fallback }
    return shaped(values, for: attribute, at: rule.target)
  }

  /// The values that the table of a rule has no entry for, where nothing stands in for them.
  func unmappedValues(of rule: AttributeMapping, from attributes: JSONObject, roles: [String]) -> [String] {
    guard let table = rule.table, rule.fallback == nil else { return [] }
    return values(of: rule.source, in: attributes, roles: roles).map { $0.scalarText ?? "a value with parts" }
      .filter { table[$0] == nil }
  }

  private func values(of source: AttributeMapping.Source, in attributes: JSONObject, roles: [String]) -> [JSONValue] {
    switch source {
    case .attribute(let path): values(at: path, in: attributes)
    case .firstOf(let paths): paths.lazy.map { values(at: $0, in: attributes) }.first { !$0.isEmpty } ?? []
    case .constant(let value): [value]
    case .template(let parts): text(of: parts, from: attributes).map { [.string($0)] } ?? []
    case .roles: roles.map(JSONValue.string)
    }
  }

  /// One value or a list of them, as the attribute takes it; elements that have parts hold a bare value as `value`.
  private func shaped(_ values: [JSONValue], for attribute: Attribute, at path: AttributePath) -> JSONValue? {
    let isElement = path.valueFilter == nil && path.subAttribute == nil
    let values =
      isElement && attribute.type == .complex && attribute.isMultiValued
      ? values.map { $0.scalarText == nil ? $0 : ["value": $0] } : values
    return attribute.isMultiValued && isElement ? .array(values) : values.first
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

  func values(at path: AttributePath, in attributes: JSONObject) -> [JSONValue] {
    path.values(in: attributes).flatMap { $0.array ?? [$0] }.filter { !$0.isNull }
  }

  private func set(_ path: AttributePath, to value: JSONValue, in attributes: JSONObject) -> JSONObject {
    if path.schema == nil, path.valueFilter == nil, path.subAttribute == nil {
      var changed = attributes
      changed[path.attribute] = value
      return changed
    }
    // A target that the resource has no element for has nothing to be written into.
    return patched(attributes, PatchOperation(.replace, path, value: value))
  }

  /// The attributes after an operation; as they were where it cannot be done.
  func patched(_ attributes: JSONObject, _ operation: PatchOperation) -> JSONObject {
    let patcher = ResourcePatcher(type: rules.type, catalog: rules.catalog)
    var changed = (try? patcher.applying([operation], to: attributes)) ?? attributes
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
