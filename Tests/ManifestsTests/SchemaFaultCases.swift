import Manifests

extension FaultCase {
  /// A `Schema` document with these attributes.
  private static func schema(_ attributes: String, id: String = "urn:ex:badge", more: String = "extends: User")
    -> String
  {
    document("Schema", "badge", "{id: \(id), \(more), attributes: [\(attributes)]}")
  }

  private static let string = "{name: a}"

  static let schemas = documents + characteristics + parts + uses

  private static let documents = [
    FaultCase(.missingField, document("Schema", "s", "«{»extends: User, attributes: [\(string)]}")),
    FaultCase(.missingField, document("Schema", "s", "«{»id: urn:ex:s, attributes: [\(string)]}")),
    FaultCase(.missingField, schema("").replacing("[", with: "«[»")),
    FaultCase(.missingField, schema("«{»type: string}")),
    FaultCase(.unknownField, schema(string, more: "extends: User, «requird»: true"), hint: "`required`"),
    FaultCase(.invalidSchemaURN, schema(string, id: "«badge»"), hint: "urn:example"),
    FaultCase(
      .invalidSchemaURN, schema(string, id: "\"urn:ex: y\"").replacing("\"urn:ex: y\"", with: "«\"urn:ex: y\"»")),
    FaultCase(.invalidSchemaURN, schema(string, id: "«urn:ex»")),
    FaultCase(
      .standardSchema, schema(string, id: "«urn:ietf:params:scim:schemas:extension:enterprise:2.0:USER»"),
      hint: "URN of its own"),
    FaultCase(.standardSchema, schema(string, id: "«urn:ietf:params:scim:schemas:core:2.0:Schema»")),
    FaultCase(
      .duplicateSchema,
      schema(string, id: "‹urn:ex:badge›") + "---\n"
        + schema(string, id: "«urn:EX:Badge»").replacing("name: badge", with: "name: other")),
    FaultCase(
      .duplicateName,
      schema(string).replacing("{name: badge}", with: "{name: ‹badge›}") + "---\n"
        + schema(string, id: "urn:ex:other").replacing("{name: badge}", with: "{name: «badge»}")),
    FaultCase(.unknownResourceType, schema(string, more: "extends: «Usr»"), hint: "did you mean `User`?"),
    FaultCase(.unknownResourceType, schema(string, more: "extends: «Device»"), hint: "`User`"),
  ]

  private static let characteristics = [
    FaultCase(.invalidChoice, schema("{name: a, type: «strng»}"), hint: "did you mean `string`?"),
    FaultCase(.invalidChoice, schema("{name: a, mutability: «readwrite»}"), hint: "did you mean `readWrite`?"),
    FaultCase(.wrongType, schema("{name: a, multiValued: «yes»}"), hint: "true"),
    FaultCase(.unknownField, schema("{name: a, «multivalued»: true}"), hint: "did you mean `multiValued`?"),
    FaultCase(.invalidAttributeName, schema("{name: «\"badge.number\"»}"), hint: "begins with a letter"),
    FaultCase(.invalidAttributeName, schema("{name: «\"4x\"»}")),
    FaultCase(.invalidAttributeName, schema("{name: «$x»}")),
    FaultCase(.duplicateAttribute, schema("{name: ‹a›}, {name: «A»}"), hint: "without regard to case"),
    FaultCase(
      .unknownResourceType, schema("{name: a, type: reference, referenceTypes: [«Usr»]}"),
      hint: "did you mean `User`?"),
    FaultCase(.contradictoryAttribute, schema("{name: a, referenceTypes: «[»User]}"), hint: "type: reference"),
    FaultCase(.contradictoryAttribute, schema("{name: a, type: binary, caseExact: «false»}")),
    FaultCase(.contradictoryAttribute, schema("{name: a, type: boolean, canonicalValues: «[»\"true\"]}")),
    FaultCase(.contradictoryAttribute, schema("{name: a, mutability: writeOnly, returned: «default»}")),
    FaultCase(.contradictoryAttribute, schema("{name: a, mutability: writeOnly, required: «true»}")),
    FaultCase(.contradictoryAttribute, schema("{name: a, mutability: readOnly, required: «true»}")),
    FaultCase(.contradictoryAttribute, schema("{name: a, mutability: «writeOnly», type: integer}")),
    FaultCase(.contradictoryAttribute, schema("{name: a, uniqueness: «server», multiValued: true}")),
    FaultCase(.contradictoryAttribute, schema("{name: a, uniqueness: «global», type: boolean}")),
  ]

  private static let parts = [
    FaultCase(.invalidSubAttributes, schema("{name: a, type: «complex»}"), hint: "`subAttributes`"),
    FaultCase(.invalidSubAttributes, schema("{name: a, type: complex, subAttributes: «[»]}")),
    FaultCase(.invalidSubAttributes, schema("{name: a, subAttributes: «[»{name: b}]}"), hint: "type: complex"),
    FaultCase(
      .invalidSubAttributes,
      schema("{name: a, type: complex, subAttributes: [{name: b, type: «complex», subAttributes: [{name: c}]}]}"),
      hint: "the outer one"),
    FaultCase(.duplicateAttribute, schema("{name: a, type: complex, subAttributes: [{name: ‹b›}, {name: «b»}]}")),
    FaultCase(
      .contradictoryAttribute, schema("{name: a, type: complex, subAttributes: [{name: b, uniqueness: «server»}]}")),
  ]

  /// What documents say below `extensions:`, each after or before the schema.
  private static let uses = [
    FaultCase(
      .unknownAttribute, extended("{«badgeNumbr»: 1}") + "---\n" + schema("{name: badgeNumber, type: integer}"),
      hint: "did you mean `badgeNumber`?"),
    FaultCase(
      .wrongType, schema("{name: badgeNumber, type: integer}") + "---\n" + extended("{badgeNumber: «one»}")),
    FaultCase(.plainSecret, extended("{pin: «tip»}") + "---\n" + schema("{name: pin, mutability: writeOnly}")),
    FaultCase(.readOnlyAttribute, extended("{«seen»: x}") + "---\n" + schema("{name: seen, mutability: readOnly}")),
    FaultCase(
      .unusualValue, extended("{colour: «gren»}") + "---\n" + schema("{name: colour, canonicalValues: [red, green]}"),
      hint: "did you mean `green`?"),
    FaultCase(
      .missingAttribute, extended("«{»b: x}") + "---\n" + schema("{name: a, required: true}, {name: b}")),
    FaultCase(
      .missingAttribute, extended("«{»a: null}") + "---\n" + schema("{name: a, required: true}")),
    FaultCase(
      .missingAttribute,
      document("User", "u", "«{»userName: u}") + "---\n" + schema(string, more: "extends: User, required: true"),
      hint: "`extensions`"),
    FaultCase(
      .unknownAttribute,
      document("Group", "g", "{displayName: g, extensions: {«\"urn:ex:badge\"»: {a: x}}}") + "---\n" + schema(string),
      hint: "it extends `User`"),
    FaultCase(.unknownAttribute, endpoint("ignore: [a], correlation: [«urn:ex:badge:b»]") + "---\n" + schema(string)),
  ]

  private static func extended(_ attributes: String) -> String {
    document("User", "u", "{userName: u, extensions: {\"urn:ex:badge\": \(attributes)}}")
  }
}
