import JSON
import SCIM

extension AttributeMapper {
  /// What a manifest has to say so that the mapping makes of it what the endpoint holds, as far as the rules can be
  /// turned round: an attribute, a text with one attribute in it, a table, a list that was joined.
  /// - Parameter roles: the names of the roles that will name this resource.
  /// - Returns: the attributes, and the targets for which the mapping makes something else of them.
  func inverse(of live: JSONObject, roles: [String]) -> (attributes: JSONObject, differing: [AttributePath]) {
    guard !mapping.isEmpty else { return (live, []) }
    var plain = live
    for rule in mapping where !isNeeded(rule.target) { plain = patched(plain, PatchOperation(.remove, rule.target)) }
    for rule in mapping {
      guard let (path, values) = origin(of: rule, in: live) else { continue }
      let made = value(of: rule, from: plain, roles: roles)
      if made?.isSame(as: held(rule, in: live)) != true { plain = put(values, at: path, in: plain) }
    }
    for rule in mapping where value(of: rule, from: plain, roles: roles) == nil {
      plain = put(values(at: rule.target, in: live), at: rule.target, in: plain)
    }
    let again = apply(to: plain, roles: roles)
    let differing = mapping.map(\.target).filter { target in
      Set(values(at: target, in: again)) != Set(values(at: target, in: live))
    }
    return (plain, differing)
  }

  /// A manifest cannot do without these, whatever the mapping makes of them.
  private func isNeeded(_ target: AttributePath) -> Bool {
    target.subAttribute == nil
      && (target.attribute == rules.namingAttribute
        || target.resolve(in: rules.type, catalog: rules.catalog)?.isRequired == true)
  }

  /// What the endpoint holds where the rule writes, in the shape that the rule gives it.
  private func held(_ rule: AttributeMapping, in live: JSONObject) -> JSONValue? {
    let values = values(at: rule.target, in: live)
    guard let attribute = rule.target.resolve(in: rules.type, catalog: rules.catalog), attribute.isMultiValued,
      rule.target.valueFilter == nil, rule.target.subAttribute == nil
    else { return values.first }
    return .array(values)
  }

  /// Which attribute of the manifest the rule would read what the endpoint holds from; nil when it cannot be told.
  private func origin(of rule: AttributeMapping, in live: JSONObject) -> (AttributePath, [JSONValue])? {
    var values = values(at: rule.target, in: live)
    guard !values.isEmpty else { return nil }
    let path: AttributePath
    switch rule.source {
    case .attribute(let source): path = source
    case .firstOf(let sources):
      guard let first = sources.first else { return nil }
      path = first
    case .template(let parts):
      guard let (source, texts) = Self.reading(parts, from: values) else { return nil }
      (path, values) = (source, texts)
    case .constant, .roles: return nil
    }
    if let separator = rule.separator {
      values = values.compactMap(\.scalarText).flatMap { $0.split(separator: separator).map { .string(String($0)) } }
    }
    if let table = rule.table {
      let keys = values.map { value in table.filter { $0.value == value }.keys.min() }
      guard !keys.contains(nil) else { return nil }
      values = keys.compactMap { $0.map(JSONValue.string) }
    }
    return (path, values)
  }

  /// Reads the one attribute of a template out of texts that it made.
  private static func reading(
    _ parts: [AttributeMapping.TemplatePart], from values: [JSONValue]
  ) -> (AttributePath, [JSONValue])? {
    let paths = parts.compactMap { part in if case .attribute(let path) = part { path } else { nil } }
    guard let path = paths.first, paths.count == 1 else { return nil }
    let texts = parts.split(omittingEmptySubsequences: false) { $0 == .attribute(path) }.map {
      $0.map(\.literal).joined()
    }
    let read = values.map { value -> JSONValue? in
      guard let text = value.scalarText, text.hasPrefix(texts[0]), text.hasSuffix(texts[1]),
        text.count > texts[0].count + texts[1].count
      else { return nil }
      return .string(String(text.dropFirst(texts[0].count).dropLast(texts[1].count)))
    }
    return read.contains(nil) ? nil : (path, read.compactMap { $0 })
  }

  /// The attributes with these values at a path; an element that is only known by its value filter is made.
  private func put(_ values: [JSONValue], at path: AttributePath, in attributes: JSONObject) -> JSONObject {
    guard let first = values.first, let attribute = path.resolve(in: rules.type, catalog: rules.catalog) else {
      return attributes
    }
    let root = AttributePath(schema: path.schema, path.attribute)
    guard root.resolve(in: rules.type, catalog: rules.catalog)?.isMultiValued == true else {
      return patched(attributes, PatchOperation(.add, path, value: first))
    }
    let kept = self.values(at: root, in: attributes)
    let made: [JSONValue]
    if let filter = path.valueFilter {
      guard case .compare(let key, .equal, let value) = filter else { return attributes }
      let sub = path.subAttribute ?? "value"
      let others = kept.filter { $0.object?[key.attribute] != value }
      let element = kept.first { $0.object?[key.attribute] == value }?.object ?? [key.attribute: value]
      made = others + [.object(element.setting(sub, to: first))]
    } else if let sub = path.subAttribute {
      made = values.map { .object([sub: $0]) }
    } else {
      made = attribute.type == .complex ? values.map { $0.scalarText == nil ? $0 : ["value": $0] } : values
    }
    return patched(attributes, PatchOperation(.replace, root, value: .array(made)))
  }
}

extension AttributeMapping.TemplatePart {
  fileprivate var literal: String { if case .text(let text) = self { text } else { "" } }
}

extension JSONObject {
  fileprivate func setting(_ key: String, to value: JSONValue) -> JSONObject {
    var changed = self
    changed[key] = value
    return changed
  }
}

extension JSONValue {
  /// Whether two values are equal, the order of elements aside.
  fileprivate func isSame(as other: JSONValue?) -> Bool {
    guard let elements = array, let others = other?.array else { return self == other ?? .array([]) }
    return Set(elements) == Set(others)
  }
}
