/// Short forms in which the built-in schemas are written down.
///
/// Identifiers, references and binary values are case exact, as RFC 7643 sections 2.3.6, 2.3.7 and 3.1 say in prose;
/// the listing in section 8.7.1 calls some of them case insensitive, which would take two identifiers for one.
extension Attribute {
  static func complex(
    _ name: String, _ description: String, isMultiValued: Bool = false, mutability: Mutability = .readWrite,
    _ subAttributes: [Attribute]
  ) -> Attribute {
    Attribute(
      name, .complex, isMultiValued: isMultiValued, description: description, mutability: mutability,
      subAttributes: subAttributes)
  }

  static func flag(_ name: String, _ description: String) -> Attribute {
    Attribute(name, .boolean, description: description)
  }

  /// The address of something outside the directory.
  static func url(_ name: String, _ description: String, isMultiValued: Bool = false) -> Attribute {
    Attribute(
      name, .reference, isMultiValued: isMultiValued, description: description, isCaseExact: true,
      referenceTypes: ["external"])
  }

  /// A string that stands for itself to the letter: a name in another system, a word of an enumeration.
  static func exact(
    _ name: String, _ description: String, isMultiValued: Bool = false, isRequired: Bool = false,
    canonicalValues: [String] = []
  ) -> Attribute {
    Attribute(
      name, isMultiValued: isMultiValued, description: description, isRequired: isRequired,
      canonicalValues: canonicalValues, isCaseExact: true)
  }

  /// A credential: written, never told again.
  static func secret(_ name: String, _ description: String) -> Attribute {
    Attribute(name, description: description, isCaseExact: true, mutability: .writeOnly, returned: .never)
  }

  /// `metadata.name` of a manifest: the stable key of a resource that has no other.
  static let manifestName = Attribute(
    "name", description: "The stable name of the resource. REQUIRED.", isRequired: true, isCaseExact: true,
    mutability: .immutable, uniqueness: .server)

  /// The `value` and `$ref` that name another resource (RFC 7643 section 2.4).
  static func referencing(
    _ types: [String], _ description: String, mutability: Mutability = .readWrite
  ) -> [Attribute] {
    [
      Attribute("value", description: description, isCaseExact: true, mutability: mutability),
      Attribute(
        "$ref", .reference, description: "The URI of the corresponding resource.", isCaseExact: true,
        mutability: mutability, referenceTypes: types),
    ]
  }

  /// The resource type of what a reference names, which the service provider tells.
  static func readOnlyType(_ type: String) -> Attribute {
    Attribute("type", description: "The type of resource.", canonicalValues: [type], mutability: .readOnly)
  }

  static func readOnlyDisplay(_ name: String = "display") -> Attribute {
    Attribute(name, description: "A human-readable name, primarily used for display purposes.", mutability: .readOnly)
  }

  /// A multi-valued attribute with the default sub-attributes of RFC 7643 section 2.4.
  static func labelled(
    _ name: String, _ description: String, value: Attribute, types: [String] = []
  ) -> Attribute {
    complex(
      name, description, isMultiValued: true,
      [
        value,
        Attribute("display", description: "A human-readable name, primarily used for display purposes."),
        Attribute("type", description: "A label indicating the attribute's function.", canonicalValues: types),
        flag("primary", "Whether this is the preferred value. True MUST appear no more than once."),
      ])
  }
}
