import JSON
import Reconciliation
import SCIM

/// The JSON Schema of manifests, for editors and for checks outside of this program: made of the rules that the readers go by.
///
/// It is a first look only. What takes more than one document to see, such as references, stays with `validate`.
package struct ManifestSchema {
  /// The kinds that documents can be of.
  package static var kinds: [String] { ManifestKind.supported.map(\.rawValue) }

  let rules: RuleBook

  /// - Parameter catalog: what attributes there are, the extensions of the manifests themselves among them.
  package init(catalog: SchemaCatalog = .standard) { rules = RuleBook(catalog) }

  /// The schema of the documents of all kinds, or of this one; nil when there is no such kind.
  package func schema(of kind: String? = nil) -> JSONValue? {
    let kinds = ManifestKind.supported.filter { kind == nil || $0.rawValue == kind }
    guard !kinds.isEmpty else { return nil }
    let names = kinds.map(\.rawValue)
    let envelope = SchemaForm.object(
      [
        ("apiVersion", ["description": "The version of this form.", "const": .string(DocumentReader.apiVersion)]),
        ("kind", ["description": "What the document describes.", "enum": .array(names.map(JSONValue.string))]),
        ("metadata", metadata), ("spec", ["description": "What is asked for."]),
      ], required: ["apiVersion", "kind", "metadata", "spec"])
    var schema: JSONObject = [
      "$schema": "http://json-schema.org/draft-07/schema#",
      "title": .string(kind.map { "Rollcall manifest: \($0)" } ?? "Rollcall manifests"),
    ]
    for member in envelope.object ?? JSONObject() { schema[member.key] = member.value }
    schema["allOf"] = .array(
      kinds.map { SchemaForm.when("kind", is: $0.rawValue, then: ["properties": ["spec": spec(of: $0)]]) })
    if kinds.contains(.endpoint) { schema["definitions"] = .object(JSONObject(endpoint.definitions)) }
    return .object(schema)
  }

  private var endpoint: EndpointSchema { EndpointSchema(kinds: rules.catalog.resourceTypes.map(\.name)) }

  private var metadata: JSONValue {
    SchemaForm.object(
      [
        (
          "name",
          SchemaForm.text(
            "The stable key in Git, unique among the documents of its kind. Not the userName.",
            matching: "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
        ), ("labels", SchemaForm.map(of: SchemaForm.text(), "What selectors look at.")),
      ], required: ["name"])
  }

  private func spec(of kind: ManifestKind) -> JSONValue {
    switch kind {
    case .user, .group, .role, .identityProvider, .serviceProvider: resource(kind.rawValue)
    case .resource: otherResource
    case .endpoint: endpoint.spec
    case .schema: extensionSchema
    case .policy: PolicySchema(types: rules.catalog.resourceTypes.map(\.name)).spec
    case .overlay: OverlaySchema().spec
    case .notification: ["type": "object"]
    }
  }

  // MARK: Resources

  private func resource(_ type: String) -> JSONValue {
    guard let rules = rules.spec(of: type) else { return ["type": "object"] }
    let properties = rules.entries.sorted { $0.key < $1.key }.compactMap { name, entry -> (String, JSONValue)? in
      switch entry {
      case .attribute(let rule): AttributeSchema.form(of: rule).map { (name, $0) }
      case .field(let field): (name, form(of: field, type))
      case .membership, .manifestName: nil
      }
    }
    return SchemaForm.object(properties, required: rules.required.map(\.name).sorted())
  }

  private var otherResource: JSONValue {
    SchemaForm.object(
      [
        ("resourceType", SchemaForm.text("A resource type that the endpoint advertises.", examples: ["Device"])),
        ("attributes", ["type": "object", "description": "Its attributes, spelled as its schema spells them."]),
        ("lifecycle", lifecycle), ("previously", previously), ("passwordPolicy", passwordPolicy),
      ], required: ["resourceType", "attributes"])
  }

  private func form(of field: SpecRules.Field, _ type: String) -> JSONValue {
    switch field {
    case .enterprise: extensionForm(SchemaURN.enterpriseUser, "Short for the URN of the enterprise extension.")
    case .extensions: extensions(of: type)
    case .lifecycle: lifecycle
    case .previously: previously
    case .members: MembersSchema.members
    case .passwordPolicy: passwordPolicy
    }
  }

  private func extensions(of type: String) -> JSONValue {
    let known = rules.catalog.resourceType(type)?.extensions.map(\.schema) ?? []
    return SchemaForm.orNull([
      "type": "object", "description": "Attributes of schema extensions, by the URN of the schema.",
      "properties": .object(JSONObject(known.map { ($0, extensionForm($0, nil)) })),
      "additionalProperties": true,
    ])
  }

  private func extensionForm(_ urn: String, _ description: String?) -> JSONValue {
    guard let rules = rules.extensionRules(urn) else { return true }
    return SchemaForm.orNull(
      AttributeSchema.object(rules.parts, required: rules.requiredParts, description: description))
  }

  private var lifecycle: JSONValue {
    SchemaForm.object(
      [
        ("state", SchemaForm.choice(Lifecycle.State.self, "Whether it exists, and whether it is active.")),
        ("startsAt", SchemaForm.time("From when on it is active.")),
        ("endsAt", SchemaForm.time("From when on it is disabled.")),
        ("onRemoval", SchemaForm.choice(Lifecycle.Removal.self, "What follows when its document is removed.")),
        ("grace", SchemaForm.duration("How long it stays disabled before it is deleted.")),
      ], description: "From when to when it lives, and what its removal means.")
  }

  private var previously: JSONValue {
    SchemaForm.list(of: SchemaForm.text(), "Earlier values of its userName or displayName, for matching.")
  }

  private var passwordPolicy: JSONValue {
    SchemaForm.choice(
      SpecReader.SecretPolicy.self, "Set secrets again when their source changes, not only at creation.")
  }
}
