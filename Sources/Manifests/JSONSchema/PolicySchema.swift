import JSON

/// The form of a `Policy`'s `spec`.
struct PolicySchema {
  /// The resource types that a rule may speak of.
  let types: [String]

  private typealias Form = SchemaForm

  var spec: JSONValue {
    Form.object([
      ("protect", Form.list(of: protection, "Whoever stands here is never disabled or deleted.")),
      ("separationOfDuties", Form.list(of: separation, "Nobody may be in two of these.")),
      ("tiers", Form.list(of: tier)),
      ("paths", Form.list(of: place, "Which folder may declare what.")), ("deny", Form.list(of: denial)),
    ])
  }

  private var protection: JSONValue {
    Form.any(of: [
      Form.text("The metadata.name of a User."),
      Form.object(["User", "Group", "Role"].map { ($0.lowercased(), Form.text("The metadata.name of a \($0).")) }),
    ])
  }

  private var groups: [(String, JSONValue)] {
    [
      ("groups", Form.list(of: Form.text(), "Groups by metadata.name.")),
      ("roles", Form.list(of: Form.text(), "Roles by metadata.name.")),
    ]
  }

  private var separation: JSONValue { Form.object(groups) }

  private var tier: JSONValue {
    Form.object(
      [("tier", Form.text("What it is called."))] + groups + [
        ("approvals", Form.integer("How many must agree to a gain.", from: 0, to: 100)),
        ("authorMayNotBenefit", Form.boolean("Whether the author of a change may not gain by it.")),
      ], required: ["tier"])
  }

  private var place: JSONValue {
    Form.object(
      [
        ("path", Form.text("Files, such as groups/aws/**.")),
        ("kinds", Form.list(of: Form.suggestion(ManifestKind.allCases.map(\.rawValue)), "What they may declare.")),
        ("names", Form.list(of: Form.text(), "Names, such as aws-*.")),
      ], required: ["path"])
  }

  private var denial: JSONValue {
    Form.object(
      [
        ("kind", Form.choice(types, "The kind that the rule is about.")),
        ("filter", Form.text("A SCIM filter over what may not be.", examples: ["active eq true and not (emails pr)"])),
        ("message", Form.text("What the author is told.")),
      ], required: ["kind", "filter"])
  }
}
