import JSON
import Manifests
import Reconciliation
import Testing

/// The JSON Schema names just the fields that the readers know: each reader says which these are when it meets another.
@Suite struct ManifestSchemaTests {
  /// A mapping in a document, and where the schema describes it.
  struct Place: CustomTestStringConvertible {
    var testDescription: String { "\(kind) \(spec)" }
    var kind: String
    /// The `spec` in flow style, with an unknown field in the mapping that the case is about.
    var spec: String
    /// The keys of the schema that lead from `spec` to that mapping.
    var path: [String]

    init(_ kind: String, _ spec: String, _ path: String...) {
      self.kind = kind
      self.spec = spec
      self.path = path
    }
  }

  private static let unknown = "zzzzzzzzzzzz"

  static let places: [Place] =
    EndpointDeclaration.Driver.allCases.map { driver in
      let needed =
        driver == .scim1 ? "userEndpoint: https://a.example/Users" : driver == .embedded ? "" : "url: https://a.example"
      return Place(
        "Endpoint", "{type: \(driver.rawValue), \(needed.isEmpty ? "" : needed + ", ")\(unknown): 1}", driver.rawValue)
    } + [
      Place("Endpoint", "{type: scim2, url: https://a.example, auth: {\(unknown): 1}}", "scim2", "auth"),
      Place(
        "Endpoint", "{type: scim2, url: https://a.example, auth: {basic: {\(unknown): 1}}}", "scim2", "auth", "basic"),
      Place(
        "Endpoint", "{type: scim2, url: https://a.example, auth: {bearer: {\(unknown): 1}}}", "scim2", "auth", "bearer"),
      Place(
        "Endpoint", "{type: scim2, url: https://a.example, auth: {serviceAccount: {\(unknown): 1}}}", "scim2", "auth",
        "serviceAccount"),
      Place(
        "Endpoint", "{type: scim2, url: https://a.example, auth: {oauth2: {grant: jwt-bearer, \(unknown): 1}}}",
        "scim2",
        "auth", "oauth2", "jwt-bearer"),
      Place(
        "Endpoint", "{type: scim2, url: https://a.example, auth: {oauth2: {grant: client_credentials, \(unknown): 1}}}",
        "scim2", "auth", "oauth2", "client_credentials"),
      Place(
        "Endpoint", "{type: scim2, url: https://a.example, auth: {bearer: {token: {\(unknown): 1}}}}", "scim2", "auth",
        "bearer", "token"),
      Place("Endpoint", "{type: scim2, url: https://a.example, tls: {\(unknown): 1}}", "scim2", "tls"),
      Place("Endpoint", "{type: spml2, url: https://a.example, spml2: {\(unknown): 1}}", "spml2", "spml2"),
      Place("Endpoint", "{type: google, google: {\(unknown): 1}}", "google", "google"),
      Place(
        "Endpoint", "{type: salesforce, url: https://a.example, salesforce: {\(unknown): 1}}", "salesforce",
        "salesforce"),
      Place("Endpoint", "{type: embedded, scope: {\(unknown): 1}}", "embedded", "scope"),
      Place("Endpoint", "{type: embedded, scope: {selector: {\(unknown): 1}}}", "embedded", "scope", "selector"),
      Place("Endpoint", "{type: embedded, mapping: [{\(unknown): 1}]}", "embedded", "mapping", "items"),
      Place("Endpoint", "{type: embedded, situations: {\(unknown): 1}}", "embedded", "situations"),
      Place("Endpoint", "{type: embedded, limits: {\(unknown): 1}}", "embedded", "limits"),
      Place("Endpoint", "{type: embedded, safety: {\(unknown): 1}}", "embedded", "safety"),
      Place("User", "{userName: a, lifecycle: {\(unknown): 1}}", "lifecycle"),
      Place("User", "{userName: a, password: {\(unknown): 1}}", "password"),
      Place("Group", "{displayName: a, members: {\(unknown): 1}}", "members"),
      Place("Group", "{displayName: a, members: {refs: [{\(unknown): 1}]}}", "members", "refs", "items"),
      Place("Policy", "{\(unknown): 1}"),
      Place("Policy", "{protect: [{\(unknown): 1}]}", "protect", "items"),
      Place("Policy", "{separationOfDuties: [{\(unknown): 1}]}", "separationOfDuties", "items"),
      Place("Policy", "{tiers: [{\(unknown): 1}]}", "tiers", "items"),
      Place("Policy", "{paths: [{\(unknown): 1}]}", "paths", "items"),
      Place("Policy", "{deny: [{\(unknown): 1}]}", "deny", "items"),
      Place("User", "{userName: a, password: {vault: {\(unknown): 1}}}", "password", "vault"),
      Place("Notification", "{\(unknown): 1}"),
      Place("Notification", "{webhook: {\(unknown): 1}}", "webhook"),
      Place("Notification", "{slack: {\(unknown): 1}}", "slack"),
      Place("Notification", "{slack: {url: {\(unknown): 1}}}", "slack", "url"),
      Place("Resource", "{\(unknown): 1}"),
      Place("Schema", "{\(unknown): 1}"),
      Place("Schema", "{attributes: [{name: a, \(unknown): 1}]}", "attributes", "items"),
      Place(
        "Schema", "{attributes: [{name: a, type: complex, subAttributes: [{name: b, \(unknown): 1}]}]}", "attributes",
        "items", "subAttributes", "items"),
    ]

  @Test(arguments: places)
  func theFieldsAreThoseOfTheReader(place: Place) throws {
    let text = "apiVersion: rollcall/v1\nkind: \(place.kind)\nmetadata: {name: a}\nspec: \(place.spec)\n"
    let diagnostics = ManifestCompiler().compile([ManifestSource(path: "a.yaml", bytes: Array(text.utf8))]).diagnostics
    let fault = try #require(diagnostics.first { $0.message.contains(Self.unknown) })
    let known = try #require(fault.hint?.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 })
    let schema = try #require(ManifestSchema().schema(of: place.kind))
    let spec = try #require(Self.spec(schema))
    let fields = try #require(Self.properties(at: place.path, in: spec, of: schema))
    #expect(Set(fields) == Set(known.map { String($0.element) }))
  }

  @Test func theFieldsOfTheEnvelopeAreThoseOfTheReader() throws {
    let text = "apiVersion: rollcall/v1\nkind: User\nmetadata: {name: a, \(Self.unknown): 1}\nspec: {userName: a}\n"
    let diagnostics = ManifestCompiler().compile([ManifestSource(path: "a.yaml", bytes: Array(text.utf8))]).diagnostics
    let known = try #require(diagnostics.first?.hint?.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 })
    let schema = try #require(ManifestSchema().schema())
    let fields = try #require(schema["properties"]?["metadata"]?["properties"]?.object?.keys)
    #expect(Set(fields) == Set(known.map { String($0.element) }))
  }

  @Test func everyKindHasASchemaAndEveryFieldOfTheContractIsInIt() throws {
    #expect(ManifestSchema().schema(of: "Person") == nil)
    for kind in ManifestSchema.kinds { #expect(ManifestSchema().schema(of: kind) != nil) }
    #expect(ManifestSchema.kinds.count > 7)
  }

  private static func spec(_ schema: JSONValue) -> JSONValue? {
    schema["allOf"]?.array?.first?["then"]?["properties"]?["spec"]
  }

  /// The names of the properties of the form that a path leads to.
  private static func properties(at path: [String], in form: JSONValue, of schema: JSONValue) -> [String]? {
    guard let next = path.first else {
      let names = variants(of: form, schema).flatMap { $0["properties"]?.object?.map(\.key) ?? [] }
      return names.isEmpty ? nil : names
    }
    for variant in variants(of: form, schema) {
      let conditional = variant["allOf"]?.array?.first { branch in
        branch["if"]?["properties"]?.object?.contains { $0.value["const"]?.string == next } == true
      }
      let inner = conditional?["then"] ?? (next == "items" ? variant["items"] : variant["properties"]?[next])
      if let inner, let found = properties(at: Array(path.dropFirst()), in: inner, of: schema) { return found }
    }
    return nil
  }

  /// The form itself, or what it refers to, and those that it allows instead.
  private static func variants(of form: JSONValue, _ schema: JSONValue) -> [JSONValue] {
    let name = form["$ref"]?.string?.split(separator: "/").last.map(String.init)
    let form = name.flatMap { schema["definitions"]?[$0] } ?? form
    return [form] + (form["anyOf"]?.array ?? []).flatMap { variants(of: $0, schema) }
  }
}
