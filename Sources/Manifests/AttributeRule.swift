import SCIM

/// What the schema says about one attribute, in the form that the walk over a document asks for it.
///
/// A class, so that a look-up hands out one pointer. Each worker builds rules of its own: two cores that count
/// references to the same rule would slow each other down.
final class AttributeRule {
  let name: String
  /// What the schema says of it.
  let description: String
  let type: Attribute.DataType
  let isMultiValued: Bool
  let isRequired: Bool
  let mutability: Attribute.Mutability
  let canonicalValues: [String]
  /// The sub-attributes by name; empty for a complex attribute that the schema leaves open.
  let parts: [String: AttributeRule]
  /// The names of the sub-attributes that must be there.
  let requiredParts: [String]
  /// The kind of document that a plain name in the place of this complex attribute refers to, as for `manager`.
  let referencedKind: String?

  init(_ attribute: Attribute) {
    name = attribute.name
    description = attribute.description
    type = attribute.type
    isMultiValued = attribute.isMultiValued
    isRequired = attribute.isRequired
    mutability = attribute.mutability
    canonicalValues = attribute.canonicalValues
    parts = Self.table(attribute.subAttributes)
    requiredParts = attribute.subAttributes.filter(\.isRequired).map(\.name)
    let isReference = attribute.type == .complex && attribute.subAttribute("value") != nil
    referencedKind = isReference ? attribute.referencedTypes.first : nil
  }

  static func table(_ attributes: [Attribute]) -> [String: AttributeRule] {
    Dictionary(attributes.map { ($0.name, AttributeRule($0)) }, uniquingKeysWith: { first, _ in first })
  }
}

/// What may stand in the `spec` of one kind.
struct SpecRules {
  /// Fields of a spec that are not attributes.
  enum Field: String { case enterprise, extensions, lifecycle, previously, members, passwordPolicy }

  enum Entry {
    case attribute(AttributeRule)
    case field(Field)
    /// Who belongs to it is written as `members`, whatever the schema calls it.
    case membership
    /// The name is that of the document.
    case manifestName
  }

  let entries: [String: Entry]
  /// Top-level attributes that must be there.
  let required: [AttributeRule]
  /// Every attribute, membership and readOnly ones included.
  var attributeNames: [String] { entries.compactMap { if case .field = $0.value { nil } else { $0.key } } }
  /// What diagnostics suggest: everything that may be written.
  var names: [String] {
    entries.compactMap {
      switch $0.value {
      case .attribute(let rule): rule.mutability == .readOnly ? nil : $0.key
      case .field: $0.key
      case .membership, .manifestName: nil
      }
    }
  }

  /// Whether resources of this type carry `metadata.name` as an attribute.
  let hasManifestName: Bool
  /// The URNs of the extensions that every resource of this type must carry.
  let requiredExtensions: [String]

  init(attributes: [Attribute], fields: [Field], requiredExtensions: [String] = []) {
    self.requiredExtensions = requiredExtensions
    let hasMembers = fields.contains(.members)
    var entries: [String: Entry] = [:]
    for attribute in Self.common + attributes {
      entries[attribute.name] =
        attribute.isManifestName
        ? .manifestName
        : hasMembers && attribute.isMembership ? .membership : .attribute(AttributeRule(attribute))
    }
    for field in fields { entries[field.rawValue] = .field(field) }
    self.entries = entries
    hasManifestName = attributes.contains(where: \.isManifestName)
    required = attributes.filter { $0.isRequired && $0.mutability != .readOnly }.compactMap {
      if case .attribute(let rule)? = entries[$0.name] { rule } else { nil }
    }
  }

  /// What every resource has (RFC 7643 section 3.1). `schemas` follows from the attributes, so nobody writes it.
  private static let common = Schema.common.attributes.map { attribute in
    var attribute = attribute
    if attribute.name == "schemas" { attribute.mutability = .readOnly }
    return attribute
  }
}

extension Attribute {
  fileprivate var isMembership: Bool { isMultiValued && mutability != .readOnly && !referencedTypes.isEmpty }

  /// The resource types that have no name of their own take the one of their manifest.
  fileprivate var isManifestName: Bool { name == "name" && type == .string && mutability == .immutable }
}

/// What may stand below the URN of one schema.
struct ExtensionRules {
  /// As the schema spells it.
  let urn: String
  let parts: [String: AttributeRule]
  /// The names of the attributes that must be there.
  let requiredParts: [String]
  /// The resource types that the schema extends.
  let resourceTypes: [String]
}

/// The rules of every kind, made once from a catalog.
struct RuleBook {
  let catalog: SchemaCatalog
  private let specs: [String: SpecRules]
  private let extensions: [String: ExtensionRules]

  init(_ catalog: SchemaCatalog) {
    self.catalog = catalog
    specs = Dictionary(
      catalog.resourceTypes.map { ($0.name, SpecRules($0, catalog)) }, uniquingKeysWith: { first, _ in first })
    extensions = catalog.schemas.mapValues { ExtensionRules($0, catalog) }
  }

  /// nil for a resource type that the catalog does not know.
  func spec(of kind: String) -> SpecRules? { specs[kind] }

  /// The rules of an extension; nil when the catalog does not know it.
  func extensionRules(_ urn: String) -> ExtensionRules? { extensions[urn.lowercased()] }

  /// The names of the attributes of all resource types, extensions not counted.
  var attributeNames: Set<String> { Set(specs.values.flatMap(\.attributeNames)) }
}

extension SpecRules {
  fileprivate init(_ type: ResourceType, _ catalog: SchemaCatalog) {
    var fields: [Field] = [.extensions, .lifecycle, .previously, .passwordPolicy]
    if type.name == "User" { fields.append(.enterprise) }
    if type.name == "Group" || type.name == "Role" { fields.append(.members) }
    self.init(
      attributes: catalog.schema(type.schema)?.attributes ?? [], fields: fields,
      requiredExtensions: type.extensions.filter(\.isRequired).map(\.schema))
  }
}

extension ExtensionRules {
  fileprivate init(_ schema: Schema, _ catalog: SchemaCatalog) {
    urn = schema.id
    parts = AttributeRule.table(schema.attributes)
    requiredParts = schema.attributes.filter(\.isRequired).map(\.name)
    resourceTypes = catalog.resourceTypes.filter { type in
      type.extensions.contains { $0.schema.lowercased() == schema.id.lowercased() }
    }.map(\.name)
  }
}
