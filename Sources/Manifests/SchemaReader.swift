import Reconciliation
import SCIM

/// A `Schema` document as it was read, with the places that its faults may point at.
struct SchemaDraft: Sendable {
  var schema: SchemaExtension
  /// `metadata.name`.
  var name: String
  var part: FilePart
  var nameMark: YAMLMark
  var idMark: YAMLMark

  var nameLocation: SourceLocation { part.location(nameMark) }
  var idLocation: SourceLocation { part.location(idMark) }
}

/// Reads the `spec` of a `Schema` document: a schema as RFC 7643 section 7 writes it, and what it extends.
struct SchemaReader {
  let rules: RuleBook
  let scope: FileScope

  /// nil, and a fault, when nothing could be checked against the schema. Attributes with a fault are kept open, so that
  /// no other document is blamed for them.
  func read(_ spec: YAMLNode, _ metadata: DocumentReader.Metadata) -> SchemaDraft? {
    guard var fields = Fields(spec, scope, what: "`spec`") else { return nil }
    let id = fields.require("id", of: "a schema")
    let type = fields.require("extends", of: "a schema").flatMap(resourceType)
    let name = fields.string("name") ?? metadata.name
    let description = fields.string("description") ?? ""
    let isRequired = fields.bool("required") ?? false
    let attributes = fields.require("attributes", of: "a schema").flatMap(attributes) ?? []
    fields.finish("a schema")
    guard let id, let urn = urn(id), let type else { return nil }
    let schema = Schema(id: urn, name: name, description: description, attributes: attributes)
    return SchemaDraft(
      schema: SchemaExtension(schema, of: type, isRequired: isRequired), name: metadata.name, part: scope.part,
      nameMark: metadata.nameMark, idMark: id.mark)
  }

  private func attributes(_ node: YAMLNode) -> [Attribute]? {
    guard let items = scope.items(node, what: "`attributes`") else { return nil }
    if items.isEmpty { scope.report(.missingField, "a schema needs at least one attribute", at: node.mark) }
    return SchemaAttributeReader(scope: scope, resourceTypes: typeNames).list(items)
  }

  private var typeNames: [String] { rules.catalog.resourceTypes.map(\.name) }

  private func resourceType(_ node: YAMLNode) -> String? {
    guard let text = scope.text(node, what: "`extends`") else { return nil }
    if typeNames.contains(text) { return text }
    scope.report(
      .unknownResourceType, "there is no resource type `\(text)`", at: node.mark,
      hint: Spelling.hint(for: text, among: typeNames) ?? "a schema can extend \(typeNames.quoted(and: "and"))")
    return nil
  }

  private func urn(_ node: YAMLNode) -> String? {
    guard let text = scope.text(node, what: "`id`") else { return nil }
    guard Self.isURN(text) else {
      scope.report(
        .invalidSchemaURN, "`\(text)` is not a URN that attributes can be written with", at: node.mark,
        hint: "write it as urn:example:params:scim:schemas:badge:2.0:User")
      return nil
    }
    guard !Self.isStandard(text) else {
      scope.report(
        .standardSchema, "the schema `\(text)` is there already and cannot be changed", at: node.mark,
        hint: "give this one a URN of its own")
      return nil
    }
    return text
  }

  /// `urn:`, a namespace, and a name (RFC 8141) such that `URN:attribute` reads back as a path (RFC 7644 section 3.10).
  private static func isURN(_ text: String) -> Bool {
    guard text.wholeMatch(of: /urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[A-Za-z0-9()+,\-.:=@;$_!*'%\/&~]+/) != nil else {
      return false
    }
    return (try? AttributePath(parsing: "\(text):x")) == AttributePath(schema: text, "x")
  }

  /// The schemas of the resource types that are built in, of the protocol's documents and of its messages.
  private static func isStandard(_ urn: String) -> Bool {
    let urn = urn.lowercased()
    return SchemaCatalog.standard.schema(urn) != nil || urn.hasPrefix("urn:ietf:params:scim:schemas:core:")
      || urn.hasPrefix("urn:ietf:params:scim:api:")
  }
}
