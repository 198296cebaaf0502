import JSON
import SCIM

extension ManifestSchema {
  /// The form of a `Schema`'s `spec`.
  var extensionSchema: JSONValue {
    SchemaForm.object(
      [
        (
          "id",
          SchemaForm.text(
            "The URN of the schema.", matching: "^urn:", examples: ["urn:example:params:scim:schemas:badge:2.0:User"])
        ),
        ("extends", SchemaForm.choice(typeNames, "The resource type that it extends.")),
        ("name", SchemaForm.text("What people call it.")), ("description", SchemaForm.text("What it is for.")),
        ("required", SchemaForm.boolean("Whether every resource of the type must carry it.")),
        (
          "attributes",
          SchemaForm.list(of: attribute(SchemaForm.list(of: part)), "As in RFC 7643 section 7.", atLeast: 1)
        ),
      ], required: ["id", "extends", "attributes"])
  }

  private var typeNames: [String] { rules.catalog.resourceTypes.map(\.name) }

  /// An attribute; only one that is no part of another has parts.
  private func attribute(_ parts: JSONValue?) -> JSONValue {
    SchemaForm.object(
      [
        ("name", SchemaForm.text("How it is spelled.", matching: "^(\\$ref|[A-Za-z][A-Za-z0-9$_-]*)$")),
        ("type", SchemaForm.choice(Attribute.DataType.self)), ("multiValued", SchemaForm.boolean()),
        ("description", SchemaForm.text()), ("required", SchemaForm.boolean()),
        ("canonicalValues", SchemaForm.list(of: SchemaForm.text(), "The usual values.")),
        ("caseExact", SchemaForm.boolean("Whether upper and lower case differ.")),
        ("mutability", SchemaForm.choice(Attribute.Mutability.self)),
        ("returned", SchemaForm.choice(Attribute.Returned.self)),
        ("uniqueness", SchemaForm.choice(Attribute.Uniqueness.self)),
        ("referenceTypes", SchemaForm.list(of: SchemaForm.suggestion(typeNames + ["external", "uri"]))),
        ("subAttributes", parts ?? SchemaForm.list(of: ["not": [:]])),
      ], required: ["name"])
  }

  private var part: JSONValue { attribute(nil) }
}
