import JSON
import SCIM

/// What the schemas of one resource type say about its attributes, looked up once a type and not once a resource.
///
/// The endpoint's own schema rules where it knows an attribute; the standard one fills the gaps.
final class TypeRules: Sendable {
  let type: ResourceType
  /// Where filters and patches of this type are evaluated.
  let catalog: SchemaCatalog
  /// The attributes that hold members, sorted: `members`, or `groups` and `users`; empty for other types.
  let membershipAttributes: [String]
  private let membershipByKind: [String: String]
  private let core: [String: AttributeRule]
  private let extensions: [String: [String: AttributeRule]]
  private let isClosed: Bool
  /// By attribute: how many elements the endpoint has room for, where that is not any number.
  let elementLimits: [String: ElementLimit]
  /// By attribute: which elements the endpoint adds by itself.
  let automaticElements: [String: Filter]

  init(
    _ type: ResourceType, catalog: SchemaCatalog, ignore: [AttributePath] = [],
    elementLimits: [String: ElementLimit] = [:], automaticElements: [String: Filter] = [:]
  ) {
    self.type = type
    self.catalog = catalog
    self.elementLimits = elementLimits
    self.automaticElements = automaticElements
    let standard = SchemaCatalog.standard
    let model = standard.resourceType(type.name)
    isClosed = catalog.schema(type.schema)?.attributes.isEmpty == false
    core = Self.rules(
      advertised: catalog.schema(type.schema), standard: (model?.schema).flatMap(standard.schema), urn: nil,
      isClosed: isClosed, ignore: ignore.filter { $0.schema == nil || $0.schema == type.schema }
    ).merging(Self.common) { own, _ in own }

    let urns = Set(type.extensions.map(\.schema) + (isClosed ? [] : model?.extensions.map(\.schema) ?? []))
    extensions = Dictionary(
      uniqueKeysWithValues: urns.map { urn in
        (
          urn,
          Self.rules(
            advertised: catalog.schema(urn), standard: standard.schema(urn), urn: urn,
            isClosed: catalog.schema(urn) != nil, ignore: ignore.filter { $0.schema == urn })
        )
      })
    membershipByKind = Self.membership(of: type, catalog: catalog)
    membershipAttributes = Set(membershipByKind.values).sorted()
  }

  /// The attribute that holds members of this kind; nil when the type cannot have such members.
  func membershipAttribute(for kind: String) -> String? { membershipByKind[kind] }

  /// The rule of a core attribute. Where the endpoint does not tell its schema, an attribute that nobody knows is
  /// compared by the looks of its value.
  func rule(_ name: String, value: JSONValue? = nil) -> AttributeRule? {
    core[name] ?? core.first { $0.key.lowercased() == name.lowercased() }?.value
      ?? (isClosed ? nil : AttributeRule(guessing: name, from: value, urn: nil))
  }

  func isExtension(_ name: String) -> Bool { name.hasPrefix("urn:") }

  /// The rules of an extension; nil when the endpoint says that the type has no such extension.
  func extensionRules(_ urn: String) -> ExtensionRules? {
    if let rules = extensions[urn] {
      return ExtensionRules(urn: urn, rules: rules, isClosed: catalog.schema(urn) != nil)
    }
    if let known = extensions.first(where: { $0.key.lowercased() == urn.lowercased() }) {
      return ExtensionRules(urn: urn, rules: known.value, isClosed: catalog.schema(urn) != nil)
    }
    return isClosed ? nil : ExtensionRules(urn: urn, rules: [:], isClosed: false)
  }

  /// Whether a resource of this type can be deactivated.
  var canDisable: Bool { core["active"]?.isHeld ?? false }

  /// Whether the resource carries a userName, so that its displayName is no identity.
  var hasUserName: Bool { core["userName"]?.isHeld ?? false }

  /// The attribute that people know a resource of this type by.
  var namingAttribute: String { hasUserName ? "userName" : hasManifestName ? "name" : "displayName" }

  /// Whether the resource carries the name of its manifest; a person's `name` is complex.
  private var hasManifestName: Bool { core["name"].map { $0.isHeld && $0.attribute.type == .string } ?? false }
}

/// The rules of one schema extension.
struct ExtensionRules {
  let urn: String
  fileprivate let rules: [String: AttributeRule]
  fileprivate let isClosed: Bool

  fileprivate init(urn: String, rules: [String: AttributeRule], isClosed: Bool) {
    self.urn = urn
    self.rules = rules
    self.isClosed = isClosed
  }

  func rule(_ name: String, value: JSONValue? = nil) -> AttributeRule? {
    rules[name] ?? (isClosed ? nil : AttributeRule(guessing: name, from: value, urn: urn))
  }
}

extension TypeRules {
  /// The attributes of every resource, which no schema lists. What `schemas` says follows from the rest.
  fileprivate static let common = Dictionary(
    uniqueKeysWithValues: Schema.common.attributes.map { attribute in
      (attribute.name, AttributeRule(attribute, ignore: [AttributePath("schemas")]))
    })

  fileprivate static func rules(
    advertised: Schema?, standard: Schema?, urn: String?, isClosed: Bool, ignore: [AttributePath]
  ) -> [String: AttributeRule] {
    var rules: [String: AttributeRule] = [:]
    for attribute in standard?.attributes ?? [] {
      rules[attribute.name] = AttributeRule(attribute, urn: urn, isHeld: !isClosed, ignore: ignore)
    }
    for attribute in advertised?.attributes ?? [] {
      let model = standard?.attribute(attribute.name)
      let name = model?.name ?? attribute.name
      rules[name] = AttributeRule(attribute.completed(by: model), urn: urn, ignore: ignore)
    }
    return rules
  }

  fileprivate static func membership(of type: ResourceType, catalog: SchemaCatalog) -> [String: String] {
    let standard = SchemaCatalog.standard
    let kinds = Set(catalog.resourceTypes.map(\.name) + ["User", "Group"])
    return Dictionary(
      uniqueKeysWithValues: kinds.compactMap { kind in
        let name =
          catalog.schema(type.schema) == nil
          ? standard.resourceType(type.name).flatMap { standard.membershipAttribute(of: $0, for: kind) }
          : catalog.membershipAttribute(of: type, for: kind)
        return name.map { (kind, $0) }
      })
  }
}

extension Attribute {
  /// Fills what an endpoint's schema leaves out: the parts of a complex attribute and what they refer to.
  fileprivate func completed(by model: Attribute?) -> Attribute {
    guard let model, type == .complex || model.type == .complex else { return self }
    var completed = self
    completed.type = .complex
    if subAttributes.isEmpty { completed.subAttributes = model.subAttributes }
    if referencedTypes.isEmpty, let reference = model.subAttribute("$ref"), subAttribute("$ref") == nil {
      completed.subAttributes.append(reference)
    }
    return completed
  }
}
