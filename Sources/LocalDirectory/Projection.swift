import JSON
import SCIM

/// Which attributes of a resource are returned (RFC 7644 sections 3.4.2.5 and 3.9, RFC 7643 section 7 `returned`).
package struct Projection: Hashable, Sendable {
  /// When not empty: these and those that are always returned.
  package var attributes: [AttributePath]
  /// Left out unless always returned; read only when `attributes` is empty.
  package var excluded: [AttributePath]
  /// What is returned on request only, and asked for beside whatever else is returned: `members.display`.
  package var requested: [AttributePath]

  package init(
    attributes: [AttributePath] = [], excluding excluded: [AttributePath] = [],
    requesting requested: [AttributePath] = []
  ) {
    self.attributes = attributes
    self.excluded = excluded
    self.requested = requested
  }

  /// What is returned when nobody asks for anything else.
  package static let standard = Projection()

  /// Only `id`, `schemas`, `meta` and what is always returned: spares the members of a large group.
  package static let identity = Projection(attributes: [AttributePath("meta")])

  /// Whether any of a core attribute is returned by default rules.
  func includes(_ attribute: String) -> Bool {
    let isNamed = { (path: AttributePath) in path.attribute.isEqual(ignoringCase: attribute) }
    guard attributes.isEmpty else { return attributes.contains(where: isNamed) }
    return !excluded.contains { isNamed($0) && $0.subAttribute == nil }
  }

  /// The part of a resource that is returned.
  package func applied(to object: JSONObject, of type: ResourceType, catalog: SchemaCatalog) -> JSONObject {
    let core = Schema.common.attributes + (catalog.schema(type.schema)?.attributes ?? [])
    var result = JSONObject()
    for member in object {
      if let schema = type.extensions.lazy.compactMap({ catalog.schema($0.schema) }).first(where: {
        $0.id == member.key
      }) {
        let part = member.value.object.map { select($0, of: schema.attributes, schema: schema.id) }
        if let part, !part.isEmpty { result[member.key] = .object(part) }
      } else {
        let definition = core.first { $0.name == member.key }
        result[member.key] = select(
          member.value, of: definition ?? Attribute(member.key), schema: type.schema, isCore: true)
      }
    }
    return result
  }

  /// The part of an extension that is returned.
  private func select(_ object: JSONObject, of definitions: [Attribute], schema: String) -> JSONObject {
    var result = JSONObject()
    for member in object {
      let definition = definitions.first { $0.name == member.key } ?? Attribute(member.key)
      result[member.key] = select(member.value, of: definition, schema: schema, isCore: false)
    }
    return result
  }

  /// The part of one attribute's value that is returned; nil for none.
  private func select(_ value: JSONValue, of attribute: Attribute, schema: String, isCore: Bool) -> JSONValue? {
    let names = { (path: AttributePath) in Self.names(path, attribute.name, schema: schema, isCore: isCore) }
    let named = attributes.filter(names)
    let besides = requested.filter(names).map { Self.subName($0, attribute, schema) }
    switch Self.effectiveReturned(attribute) {
    case .never: return nil
    case .always: return subSelection(of: value, attribute, Parts())
    case .request where named.isEmpty && !besides.contains(nil): return nil
    case .default where named.isEmpty && !attributes.isEmpty: return nil
    case .default, .request:
      let excluded = attributes.isEmpty ? excluded.filter(names) : []
      if excluded.contains(where: { Self.subName($0, attribute, schema) == nil }) { return nil }
      return subSelection(
        of: value, attribute,
        Parts(
          named: named.map { Self.subName($0, attribute, schema) }, besides: besides.compactMap(\.self),
          excluded: excluded.compactMap { Self.subName($0, attribute, schema) }))
    }
  }

  /// What is asked of the parts of one attribute.
  private struct Parts {
    /// nil among them asks for the whole.
    var named: [String?] = []
    var besides: [String] = []
    var excluded: [String] = []

    var isWhole: Bool { named.isEmpty || named.contains(nil) }
    func names(_ part: String) -> Bool { (named.compactMap(\.self) + besides).contains { Self.isSame($0, part) } }
    func excludes(_ part: String) -> Bool { excluded.contains { Self.isSame($0, part) } }
    private static func isSame(_ a: String, _ b: String) -> Bool { a.isEqual(ignoringCase: b) }
  }

  /// The value with only the sub-attributes that are returned; nil when there is nothing left of it.
  private func subSelection(of value: JSONValue, _ attribute: Attribute, _ parts: Parts) -> JSONValue? {
    if parts.isWhole && parts.excluded.isEmpty && attribute.subAttributes.isEmpty { return value }
    switch value {
    case .array(let values):
      let told = values.compactMap { subSelection(of: $0, attribute, parts) }
      return told.isEmpty && !values.isEmpty ? nil : .array(told)
    case .object(let object):
      let told = object.members.compactMap { member -> JSONObject.Member? in
        let sub = attribute.subAttribute(member.key) ?? Attribute(member.key)
        let isDefault = parts.isWhole && !parts.excludes(member.key)
        guard Self.returns(sub, isNamed: parts.names(member.key), isDefault: isDefault) else { return nil }
        // Below a sub-attribute no path reaches, only what is never returned goes.
        return subSelection(of: member.value, sub, Parts()).map { .init(key: member.key, value: $0) }
      }
      return told.isEmpty && !object.isEmpty ? nil : .object(JSONObject(uniqueMembers: told))
    default: return value
    }
  }

  /// What is write-only is never returned, whatever a schema says (RFC 7643 section 7).
  private static func effectiveReturned(_ attribute: Attribute) -> Attribute.Returned {
    attribute.mutability == .writeOnly ? .never : attribute.returned
  }

  private static func returns(_ attribute: Attribute, isNamed: Bool, isDefault: Bool) -> Bool {
    switch effectiveReturned(attribute) {
    case .always: true
    case .never: false
    case .request: isNamed
    case .default: isNamed || isDefault
    }
  }

  /// Whether a path names this attribute, or the extension that it stands in.
  private static func names(_ path: AttributePath, _ attribute: String, schema: String, isCore: Bool) -> Bool {
    if !isCore && namesWhole(path, schema) { return true }
    guard path.attribute.isEqual(ignoringCase: attribute) else { return false }
    return path.schema.map { $0.isEqual(ignoringCase: schema) } ?? isCore
  }

  /// Whether a path is the bare URN of a schema, however a parser has cut it.
  private static func namesWhole(_ path: AttributePath, _ schema: String) -> Bool {
    let text = [path.schema, path.attribute.isEmpty ? nil : path.attribute].compactMap(\.self).joined(separator: ":")
    return text.isEqual(ignoringCase: schema)
  }

  /// The sub-attribute that a path names; nil for the whole attribute.
  private static func subName(_ path: AttributePath, _ attribute: Attribute, _ schema: String) -> String? {
    namesWhole(path, schema) ? nil : path.subAttribute
  }
}
