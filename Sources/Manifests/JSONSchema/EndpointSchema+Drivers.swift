import JSON
import Reconciliation

extension EndpointSchema {
  var spml2: JSONValue {
    SchemaForm.object([
      ("target", SchemaForm.text("The target; needed where there are several.")),
      ("profile", SchemaForm.choice(SPML2Settings.Profile.self, "How it carries data.")),
      ("userClass", SchemaForm.text("The object class of users.")),
      ("groupClass", SchemaForm.text("The object class of groups.")),
    ])
  }

  var google: JSONValue {
    SchemaForm.object([
      ("customer", SchemaForm.text("The customer, or my_customer.")), ("domain", SchemaForm.text("Only this domain.")),
      ("orgUnitPath", SchemaForm.text("The unit of new users.", matching: "^/")),
      ("onRemoval", SchemaForm.choice(GoogleSettings.Removal.self, "What becomes of users who are removed.")),
    ])
  }

  var salesforce: JSONValue {
    SchemaForm.object([
      ("mode", SchemaForm.choice(SalesforceSettings.Mode.self, "The interface that is used.")),
      ("apiVersion", SchemaForm.text("The version of the API.", matching: "^v[0-9]{1,3}\\.0$", examples: ["v62.0"])),
      ("defaults", SchemaForm.map(of: SchemaForm.text(), "Fields of new users.")),
    ])
  }

  var wso2: [(String, JSONValue)] {
    let domain = SchemaForm.text(nil, matching: "^[A-Za-z0-9][A-Za-z0-9._-]*$")
    return [
      ("tenant", SchemaForm.text("The tenant's domain.", matching: "^[A-Za-z0-9][A-Za-z0-9._-]*$")),
      ("userStores", SchemaForm.list(of: domain, "The user stores, PRIMARY first.")),
    ]
  }
}

/// The form of `auth`.
enum AuthenticationSchema {
  static var authentication: JSONValue {
    let forms = AuthenticationReader.Form.allCases.map { ($0.rawValue, form(of: $0)) }
    var object = SchemaForm.object(forms, description: "How we prove who we are.").object ?? JSONObject()
    object["minProperties"] = 1
    object["maxProperties"] = 1
    return .object(object)
  }

  private static func form(of form: AuthenticationReader.Form) -> JSONValue {
    switch form {
    case .basic:
      SchemaForm.object(
        [("username", SchemaForm.text("The account.")), ("password", SecretSchema.reference())],
        required: ["username", "password"])
    case .bearer:
      SchemaForm.object(
        [("token", SecretSchema.reference()), ("expiresAt", SchemaForm.time("Until when it is good."))],
        required: ["token"])
    case .oauth2: oauth2
    case .serviceAccount:
      SchemaForm.object(
        [
          ("key", SecretSchema.reference("The key file of the service account.")),
          ("subject", SchemaForm.text("The administrator in whose name it acts.")),
          ("tokenURL", EndpointSchema.address("Where tokens are got.")),
        ], required: ["key", "subject"])
    }
  }

  private static var oauth2: JSONValue {
    let grants = AuthenticationReader.Grant.allCases
    return [
      "type": "object", "required": ["grant"],
      "properties": ["grant": ["enum": .array(grants.map { .string($0.rawValue) })]],
      "allOf": .array(grants.map { SchemaForm.when("grant", is: $0.rawValue, then: client($0)) }),
    ]
  }

  private static func client(_ grant: AuthenticationReader.Grant) -> JSONValue {
    let common: [(String, JSONValue)] = [
      ("grant", true), ("tokenURL", EndpointSchema.address("Where tokens are got.")),
      (
        "clientId",
        SchemaForm.any(of: [SchemaForm.text(), SecretSchema.reference()], "The client's id, or where it is.")
      ),
      ("scopes", SchemaForm.list(of: SchemaForm.text())),
    ]
    switch grant {
    case .clientCredentials:
      return SchemaForm.object(
        common + [("clientSecret", SecretSchema.reference())], required: ["tokenURL", "clientId", "clientSecret"])
    case .jwtBearer:
      return SchemaForm.object(
        common + [
          ("privateKey", SecretSchema.reference()), ("username", SchemaForm.text("In whose name it acts.")),
          ("audience", SchemaForm.text("The audience of its assertions.")),
        ], required: ["tokenURL", "clientId", "privateKey", "username"])
    }
  }
}
