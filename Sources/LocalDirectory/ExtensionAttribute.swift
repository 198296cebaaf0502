import JSON
import SCIM

/// An attribute of a schema extension.
struct ExtensionAttribute: Sendable {
  /// The URN of the extension.
  let schema: String
  let attribute: Attribute

  /// `urn:…:2.0:User:badgeNumber`.
  var path: String { "\(schema):\(attribute.name)" }

  /// The value that a resource has; nil for none.
  func value(in attributes: JSONObject) -> JSONValue? { attributes[schema]?[attribute.name] }
}

extension ResourceRules {
  /// The schemas of the type's extensions, as far as they are known.
  var extensionSchemas: [Schema] { type.extensions.compactMap { catalog.schema($0.schema) } }

  /// The singular attributes of extensions that no two resources of the type share.
  static func uniqueAttributes(ofExtensions type: ResourceType, _ catalog: SchemaCatalog) -> [ExtensionAttribute] {
    type.extensions.compactMap { catalog.schema($0.schema) }.flatMap { schema in
      schema.attributes.filter { $0.uniqueness != .none && !$0.isMultiValued }
        .map { ExtensionAttribute(schema: schema.id, attribute: $0) }
    }
  }

  /// The key of what a filter looks for, when it asks for one value of an attribute that is indexed as
  /// ``LookupKey/extensionKeys(of:)`` does.
  func extensionKey(of filter: Filter) -> LookupKey? {
    guard case .compare(let path, .equal, let operand) = filter, let urn = path.schema, LookupKey.isIndexed(urn),
      path.subAttribute == nil, path.valueFilter == nil, let attribute = path.resolve(in: type, catalog: catalog),
      !attribute.isMultiValued
    else { return nil }
    switch (attribute.type, operand) {
    case (.string, .string), (.reference, .string), (.binary, .string), (.integer, .number), (.decimal, .number):
      return LookupKey("\(urn):\(attribute.name)", operand)
    default: return nil
    }
  }
}

extension ResourceWriter {
  /// - Throws: `SCIMError` 409 uniqueness when another resource has a value of an extension that must be unique.
  func checkUniqueExtensions(_ resource: StoredResource, before: JSONObject) throws {
    for unique in rules.uniqueExtensionAttributes {
      guard let value = unique.value(in: resource.attributes), value != unique.value(in: before),
        let key = LookupKey(unique.path, value)
      else { continue }
      let isTaken = try transaction.resources(with: key, of: resource.type).contains { other in
        other.id != resource.id
          && AttributeValues.areEqual(value, unique.value(in: other.attributes), attribute: unique.attribute)
      }
      guard !isTaken else {
        throw SCIMError(
          status: 409, .uniqueness, "There is already a \(resource.type) with the \(unique.path) \(value.text).")
      }
    }
  }
}

extension LookupKey {
  private static let standardURNs = Set(SchemaCatalog.standard.schemas.keys)

  /// Whether the attributes of the extension are in the index: those of other people's making.
  fileprivate static func isIndexed(_ urn: String) -> Bool { !standardURNs.contains(urn.lowercased()) }

  /// The key of a string or a number in an extension; nil for other values.
  fileprivate init?(_ path: String, _ value: JSONValue) {
    switch value {
    case .string(let text): self.init(attribute: path.lowercased(), value: text)
    // Numbers that are equal have one key, however they are written; adding nothing makes -0 into 0.
    case .number(let number): self.init(attribute: path.lowercased(), value: "\(number.double + 0)")
    case .null, .bool, .array, .object: return nil
    }
  }

  /// The keys of all strings and numbers in extensions, whatever their schema says today: it may come to call unique what
  /// is stored already.
  static func extensionKeys(of attributes: JSONObject) -> [LookupKey] {
    attributes.flatMap { member -> [LookupKey] in
      guard member.key.hasPrefix("urn:"), isIndexed(member.key), let object = member.value.object else { return [] }
      return object.compactMap { LookupKey("\(member.key):\($0.key)", $0.value) }
    }
  }
}
