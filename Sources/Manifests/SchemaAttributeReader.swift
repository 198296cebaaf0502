import Reconciliation
import SCIM

/// Reads the attributes of a `Schema` document, each written as in RFC 7643 section 7; what is left out has the default
/// of section 2.2.
struct SchemaAttributeReader {
  let scope: FileScope
  /// The names that `referenceTypes` may hold besides `external` and `uri`.
  let resourceTypes: [String]
  /// Whether these are sub-attributes.
  var arePartsOfComplex = false

  func list(_ nodes: [YAMLNode]) -> [Attribute] {
    var places: [String: YAMLMark] = [:]
    return nodes.compactMap { node in
      guard let (attribute, mark) = attribute(node) else { return nil }
      guard let first = places.updateValue(mark, forKey: attribute.name.lowercased()) else { return attribute }
      scope.report(
        .duplicateAttribute, "there is another attribute `\(attribute.name)`", at: mark,
        hint: "names are compared without regard to case",
        notes: [.init("the first is here", at: scope.location(first))])
      return nil
    }
  }

  /// The attribute and where its name stands; nil without a name.
  private func attribute(_ node: YAMLNode) -> (Attribute, YAMLMark)? {
    let faults = scope.diagnostics.count
    guard var fields = Fields(node, scope, what: "an attribute"),
      let nameNode = fields.require("name", of: "an attribute"),
      let name = scope.text(nameNode, what: "`name`")
    else { return nil }
    checkName(name, at: nameNode.mark)
    let attribute = read(&fields, name)
    fields.finish("an attribute")
    checkParts(attribute, node)
    SchemaContradiction.report(in: attribute, node, isPart: arePartsOfComplex, to: scope)
    // What is not understood takes any value.
    return (scope.diagnostics.count == faults ? attribute : Attribute(name, .complex), nameNode.mark)
  }

  private func read(_ fields: inout Fields, _ name: String) -> Attribute {
    let type = fields.choice("type", Attribute.DataType.self) ?? .string
    let mutability = fields.choice("mutability", Attribute.Mutability.self) ?? .readWrite
    let returned = fields.choice("returned", Attribute.Returned.self)
    let isCaseExact = fields.bool("caseExact") ?? false
    var attribute = Attribute(
      name, type, isMultiValued: fields.bool("multiValued") ?? false, description: fields.string("description") ?? "",
      isRequired: fields.bool("required") ?? false, canonicalValues: fields.strings("canonicalValues") ?? [],
      isCaseExact: isCaseExact || type == .reference || type == .binary, mutability: mutability,
      returned: returned ?? (mutability == .writeOnly ? .never : .default),
      uniqueness: fields.choice("uniqueness", Attribute.Uniqueness.self) ?? .none,
      referenceTypes: fields.items("referenceTypes")?.compactMap(referenceType) ?? [],
      subAttributes: fields.items("subAttributes").map(parts) ?? [])
    attribute.makeIdentifierExact()
    return attribute
  }

  private func parts(_ nodes: [YAMLNode]) -> [Attribute] {
    SchemaAttributeReader(scope: scope, resourceTypes: resourceTypes, arePartsOfComplex: true).list(nodes)
  }

  private func referenceType(_ node: YAMLNode) -> String? {
    guard let text = scope.text(node, what: "an entry of `referenceTypes`") else { return nil }
    let known = resourceTypes + ["external", "uri"]
    if known.contains(text) { return text }
    scope.report(
      .unknownResourceType, "there is no resource type `\(text)`", at: node.mark,
      hint: Spelling.hint(for: text, among: known) ?? "a reference leads to \(known.quoted(and: "or"))")
    return nil
  }

  /// ATTRNAME of RFC 7643 section 2.1, and `$ref`.
  private func checkName(_ name: String, at mark: YAMLMark) {
    let isName = name == "$ref" || name.wholeMatch(of: /[A-Za-z][A-Za-z0-9$_\-]*/) != nil
    guard !isName else { return }
    scope.report(
      .invalidAttributeName, "`\(name)` cannot be the name of an attribute", at: mark,
      hint: "a name begins with a letter and goes on with letters, digits, '-', '_' and '$'")
  }

  /// RFC 7643 section 2.3.8: a complex attribute has sub-attributes, and none of them is complex.
  private func checkParts(_ attribute: Attribute, _ node: YAMLNode) {
    let isComplex = attribute.type == .complex
    let parts = node["subAttributes"]
    if isComplex, arePartsOfComplex {
      scope.report(
        .invalidSubAttributes, "`\(attribute.name)` is complex within a complex attribute",
        at: node["type"]?.mark ?? node.mark, hint: "make its sub-attributes part of the outer one")
    } else if isComplex, parts?.items?.isEmpty ?? true {
      scope.report(
        .invalidSubAttributes, "the complex attribute `\(attribute.name)` has no sub-attributes",
        at: parts?.mark ?? node["type"]?.mark ?? node.mark, hint: "list them as `subAttributes`")
    } else if !isComplex, let parts {
      scope.report(
        .invalidSubAttributes, "`\(attribute.name)` has sub-attributes and is not complex", at: parts.mark,
        hint: "write type: complex")
    }
  }
}
