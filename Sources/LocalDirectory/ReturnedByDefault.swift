import JSON
import SCIM

/// The attributes of a type that are returned whole when nobody asks for anything else (RFC 7643 section 7 `returned`). A
/// resource that has no others is its own standard projection, which spares every answer a walk through the schema.
struct ReturnedByDefault: Sendable {
  private let names: Set<String>

  init(_ type: ResourceType, catalog: SchemaCatalog) {
    let core = Schema.common.attributes + (catalog.schema(type.schema)?.attributes ?? [])
    let extensions = type.extensions.compactMap { catalog.schema($0.schema) }
    names = Set(core.map(\.name)).subtracting(core.lazy.filter { !Self.isWhole($0) }.map(\.name))
      .union(extensions.lazy.filter { $0.attributes.allSatisfy(Self.isWhole) }.map(\.id))
  }

  /// Whether the resource has no attribute of which anything might have to go.
  func covers(_ resource: JSONObject) -> Bool {
    resource.members.allSatisfy { covers($0.key, isEmpty: $0.value.object?.isEmpty == true) }
  }

  /// Whether an attribute is returned whole.
  /// - Parameter isEmpty: whether its value is an object without members.
  func covers(_ name: String, isEmpty: Bool) -> Bool { names.contains(name) && !isEmpty }

  private static func isWhole(_ attribute: Attribute) -> Bool {
    let isReturned = attribute.returned == .always || attribute.returned == .default
    return isReturned && attribute.mutability != .writeOnly && attribute.subAttributes.allSatisfy(isWhole)
  }
}
