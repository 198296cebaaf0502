import SCIM

/// Characteristics of an attribute that cannot hold together: a server would have to break one of them.
struct SchemaContradiction {
  /// The characteristic that the diagnostic points at.
  let field: String
  let message: String
  let hint: String

  static func report(in attribute: Attribute, _ node: YAMLNode, isPart: Bool, to scope: FileScope) {
    for contradiction in all(in: attribute, node, isPart: isPart) {
      scope.report(
        .contradictoryAttribute, "`\(attribute.name)`: \(contradiction.message)",
        at: node[contradiction.field]?.mark ?? node.mark, hint: contradiction.hint)
    }
  }

  private static func all(in attribute: Attribute, _ node: YAMLNode, isPart: Bool) -> [SchemaContradiction] {
    types(of: attribute, node) + secrets(of: attribute) + uniqueness(of: attribute, isPart: isPart)
  }

  private static func types(of attribute: Attribute, _ node: YAMLNode) -> [SchemaContradiction] {
    let type = attribute.type
    var found: [SchemaContradiction] = []
    if type == .reference || type == .binary, node["caseExact"]?.text == "false" {
      found.append(
        .init(field: "caseExact", message: "a \(type.rawValue) is case exact", hint: "leave `caseExact` out"))
    }
    if !attribute.canonicalValues.isEmpty, type != .string, type != .reference {
      found.append(
        .init(
          field: "canonicalValues", message: "only a string or a reference has canonical values",
          hint: "leave `canonicalValues` out"))
    }
    if !attribute.referenceTypes.isEmpty, type != .reference {
      found.append(
        .init(field: "referenceTypes", message: "only a reference leads somewhere", hint: "write type: reference"))
    }
    return found
  }

  /// A write-only value is a secret: told to us as text, never told back, so nobody who replaces the resource has it.
  private static func secrets(of attribute: Attribute) -> [SchemaContradiction] {
    var found: [SchemaContradiction] = []
    if attribute.isRequired, attribute.mutability == .readOnly || attribute.mutability == .writeOnly {
      let reason = attribute.mutability == .readOnly ? "that nobody can set" : "that nobody can read to send it back"
      found.append(
        .init(field: "required", message: "an attribute \(reason) cannot be required", hint: "leave `required` out"))
    }
    guard attribute.mutability == .writeOnly else { return found }
    if attribute.returned != .never {
      found.append(
        .init(field: "returned", message: "a write-only value is never returned", hint: "leave `returned` out"))
    }
    if attribute.type != .string || attribute.isMultiValued {
      found.append(
        .init(
          field: "mutability", message: "a write-only value is a single string",
          hint: "make it a string, or a sub-attribute of its own"))
    }
    return found
  }

  private static func uniqueness(of attribute: Attribute, isPart: Bool) -> [SchemaContradiction] {
    let comparable: [Attribute.DataType] = [.string, .integer, .decimal, .reference, .binary]
    guard attribute.uniqueness != .none else { return [] }
    if !isPart, !attribute.isMultiValued, comparable.contains(attribute.type), attribute.mutability != .writeOnly {
      return []
    }
    return [
      .init(
        field: "uniqueness",
        message: "only a single string, number, reference or binary value of the schema itself can be unique",
        hint: "leave `uniqueness` out")
    ]
  }
}
