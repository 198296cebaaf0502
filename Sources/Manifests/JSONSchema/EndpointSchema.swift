import JSON
import Reconciliation
import SCIM

/// The form of an `Endpoint`'s `spec`, which its type decides.
struct EndpointSchema {
  /// The kinds that its scope may name.
  let kinds: [String]

  private typealias Form = SchemaForm

  var spec: JSONValue {
    let drivers = EndpointDeclaration.Driver.allCases
    let type: JSONValue = [
      "description": "The protocol that the endpoint speaks.", "enum": .array(drivers.map { .string($0.rawValue) }),
    ]
    return [
      "type": "object", "required": ["type"], "properties": ["type": type],
      "allOf": .array(
        drivers.map { driver in
          let (own, required) = fields(of: driver)
          return Form.when(
            "type", is: driver.rawValue, then: Form.object([("type", true)] + own + common, required: required))
        }),
    ]
  }

  /// The fields that only endpoints of this type have, and those of them that must be there.
  private func fields(of driver: EndpointDeclaration.Driver) -> (fields: [(String, JSONValue)], required: [String]) {
    let url = ("url", Self.address("Where it is reached."))
    switch driver {
    case .embedded:
      return ([("store", Form.text("A SQLite file, or postgresql://… Default: .rollcall/directory.sqlite."))], [])
    case .scim2: return ([url] + connection, ["url"])
    case .scim1:
      let addresses = [
        ("userEndpoint", Self.address("The whole address of its users.")),
        ("groupEndpoint", Self.address("The whole address of its groups.")),
      ]
      return (addresses + connection, ["userEndpoint"])
    case .spml2: return ([url, ("spml2", spml2)] + connection, ["url"])
    case .google: return ([url, ("google", google)] + connection, [])
    case .salesforce: return ([url, ("salesforce", salesforce)] + connection, ["url"])
    case .wso2: return ([url] + wso2 + connection, ["url"])
    }
  }

  /// The forms that are the same for every type, by the name that the others refer to them with.
  var definitions: [(String, JSONValue)] {
    [
      ("auth", AuthenticationSchema.authentication), ("tls", Self.trust), ("scope", scope), ("rule", rule),
      ("situations", situations), ("limits", limits), ("safety", safety),
    ].map { ("endpoint-\($0.0)", $0.1) }
  }

  private static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/definitions/endpoint-\(name)")] }

  private var connection: [(String, JSONValue)] {
    [
      ("auth", Self.reference("auth")), ("tls", Self.reference("tls")),
      ("dialect", Form.choice(EndpointReader.Dialect.self, "How it departs from the standard.")),
      ("allowPlaintext", Form.boolean("Whether http:// may be used with a host that is not this machine.")),
    ]
  }

  static func address(_ description: String) -> JSONValue { Form.text(description, matching: "^https?://[^/@]+") }

  static var trust: JSONValue {
    Form.object(
      [
        ("caFile", Form.text("The certificates to trust, in PEM; from the folder of the manifest.")),
        ("pinnedSHA256", Form.text("The fingerprint of its certificate.", matching: "^([0-9A-Fa-f]{2}:?){32}$")),
        ("insecureSkipVerify", Form.boolean("Trust anybody. Warned about on every run.")),
      ], description: "Whom to trust.")
  }

  // MARK: What all have

  private var common: [(String, JSONValue)] {
    [
      (
        "ownership",
        Form.choice(EndpointDeclaration.Ownership.self, "What of its resources is ours, and may be removed.")
      ), ("scope", Self.reference("scope")),
      ("correlation", Form.list(of: Form.text(), "The attributes by which resources are matched, in this order.")),
      ("mapping", Form.list(of: Self.reference("rule"), "What the endpoint gets for some of its attributes.")),
      ("situations", Self.reference("situations")),
      ("ignore", Form.list(of: Form.text(), "Paths that are neither compared nor written.")),
      ("limits", Self.reference("limits")), ("safety", Self.reference("safety")),
      ("drift", Form.choice(EndpointDeclaration.DriftPolicy.self, "What the controller does about drift.")),
      ("interval", Form.duration("How often the controller compares.")),
      ("dependsOn", Form.list(of: Form.text(), "The endpoints that come first, by metadata.name.")),
    ]
  }

  private var scope: JSONValue {
    Form.object(
      [
        ("kinds", Form.list(of: Form.suggestion(kinds))), ("selector", MembersSchema.selector),
        ("filter", Form.text("A SCIM filter.", examples: ["userType eq \"Employee\""])),
      ], description: "What of the manifests goes there.")
  }

  private var rule: JSONValue {
    let rule = Form.object(
      [
        ("to", Form.text("The attribute that is written.")), ("from", Form.text("The attribute whose value it gets.")),
        ("firstOf", Form.list(of: Form.text(), "The first of these that has a value.", atLeast: 1)),
        ("template", Form.text("Text with {{attribute}} in it.")), ("constant", ["description": "This value."]),
        ("lookup", ["type": "object", "description": "Values by what the source says."]),
        ("join", Form.text("What stands between several values.")),
        ("default", ["description": "The value when the source has none."]), ("lower", Form.boolean("In lower case.")),
      ], required: ["to"])
    var object = rule.object ?? JSONObject()
    object["oneOf"] = .array(MappingReader.sources.map { ["required": [.string($0)]] })
    return .object(object)
  }

  private var situations: JSONValue {
    typealias Situations = EndpointDeclaration.Situations
    return Form.object(
      [
        ("found", Form.choice(Situations.Found.self, "There, and not known to us.")),
        ("unmatched", Form.choice(Situations.Unmatched.self, "There, and in no manifest.")),
        ("ambiguous", Form.choice(Situations.Ambiguous.self, "More than one could be meant.")),
        ("missing", Form.choice(Situations.Missing.self, "Ours, and no longer there.")),
      ], description: "What is done where manifests and endpoint do not meet.")
  }

  private var limits: JSONValue {
    func rate(_ description: String) -> JSONValue {
      Form.text(description, matching: "^[0-9]+/[smh]$", examples: ["180/m"])
    }
    return Form.object(
      [
        ("reads", rate("The most reads.")), ("writes", rate("The most writes.")),
        ("concurrency", Form.integer("Requests in flight.", from: 1, to: 256)),
      ], description: "How fast it may be asked.")
  }

  private var safety: JSONValue {
    func limit(_ description: String) -> JSONValue {
      Form.any(of: [Form.integer(from: 0), Form.text(nil, matching: "^[0-9]+(\\.[0-9]+)?%?$")], description)
    }
    return Form.object(
      [
        ("maxDeletes", limit("The most deletes of a run: a count or a share.")),
        ("maxDisables", limit("The most users disabled in a run.")),
        ("maxMemberRemovals", limit("The most members that a group may lose in a run.")),
        ("maxMissing", limit("How much of what is linked there may be gone.")),
        ("floor", Form.integer("As many are allowed whatever the share, as far as they are not most.", from: 0)),
        ("protect", Form.list(of: Form.text(), "SCIM filters: whoever they match loses nothing.")),
        ("minAdmins", Form.integer("As many administrators must be left.", from: 0)),
      ], description: "What a run may do at most.")
  }
}
