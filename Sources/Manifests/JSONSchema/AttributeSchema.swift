import JSON
import Reconciliation
import SCIM

/// The forms of attributes, by the rules of their SCIM schemas.
enum AttributeSchema {
  /// What may be written for an attribute; nil when nothing may. A null clears it.
  static func form(of rule: AttributeRule) -> JSONValue? {
    switch rule.mutability {
    case .readOnly: nil
    case .writeOnly: SchemaForm.orNull(SecretSchema.reference(rule.description))
    case .readWrite, .immutable:
      SchemaForm.orNull(
        rule.isMultiValued ? SchemaForm.list(of: single(rule), rule.description) : single(rule, rule.description))
    }
  }

  static func object(_ parts: [String: AttributeRule], required: [String], description: String?) -> JSONValue {
    let properties = parts.sorted { $0.key < $1.key }.compactMap { name, rule in form(of: rule).map { (name, $0) } }
    return SchemaForm.object(properties, required: required.sorted(), description: description)
  }

  private static func single(_ rule: AttributeRule, _ description: String? = nil) -> JSONValue {
    switch rule.type {
    case .string, .reference, .binary:
      rule.canonicalValues.isEmpty
        ? SchemaForm.text(description) : SchemaForm.suggestion(rule.canonicalValues, description)
    case .boolean: SchemaForm.boolean(description)
    case .integer: SchemaForm.integer(description)
    case .decimal: SchemaForm.number(description)
    case .dateTime: SchemaForm.text(description, matching: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]")
    case .complex: complex(rule, description)
    }
  }

  private static func complex(_ rule: AttributeRule, _ description: String?) -> JSONValue {
    // The schema leaves it open.
    guard !rule.parts.isEmpty else { return true }
    let object = object(rule.parts, required: rule.requiredParts, description: nil)
    guard let kind = rule.referencedKind else {
      return self.object(rule.parts, required: rule.requiredParts, description: description)
    }
    return SchemaForm.any(of: [SchemaForm.text("The metadata.name of a \(kind)."), object], description)
  }
}

/// The forms of `members`.
enum MembersSchema {
  static var members: JSONValue {
    let references = SchemaForm.list(of: reference, "Users by metadata.name, or {user: …} and {group: …}.")
    let object = SchemaForm.object([
      (
        "mode",
        SchemaForm.choice(
          DesiredMembers.Mode.self, "Exact: these and no others. AtLeast: others may be there. AtMost: nobody else.")
      ), ("refs", references), ("selector", selector),
      ("allowEmpty", SchemaForm.boolean("Whether nobody may be left.")),
    ])
    return SchemaForm.any(of: [references, object, ["type": "null"]], "Who belongs to it; a plain list means Exact.")
  }

  static var selector: JSONValue {
    SchemaForm.object(
      [("matchLabels", SchemaForm.map(of: SchemaForm.text()))], required: ["matchLabels"],
      description: "Everybody with these labels.")
  }

  private static var reference: JSONValue {
    let object = SchemaForm.object([
      ("user", SchemaForm.text("The metadata.name of a User.")),
      ("group", SchemaForm.text("The metadata.name of a Group.")),
      ("from", SchemaForm.time("From when on.")), ("until", SchemaForm.time("Until when.")),
    ])
    return SchemaForm.any(of: [SchemaForm.text(), object])
  }
}
