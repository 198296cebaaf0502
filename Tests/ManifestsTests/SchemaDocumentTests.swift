import Foundation
import JSON
import Manifests
import Reconciliation
import SCIM
import Testing

@Suite struct SchemaDocumentTests {
  private static let badge = """
    apiVersion: rollcall/v1
    kind: Schema
    metadata: {name: badge}
    spec:
      id: "urn:example:params:scim:schemas:badge:2.0:User"
      extends: User
      attributes:
        - {name: badgeNumber, type: integer, uniqueness: server}
        - name: doors
          type: complex
          multiValued: true
          subAttributes:
            - {name: value}
            - {name: $ref, type: reference, referenceTypes: [Group]}
        - {name: pin, mutability: writeOnly}

    """
  private static let urn = "urn:example:params:scim:schemas:badge:2.0:User"

  private static func holder(_ name: String, badge number: Int) -> String {
    document("User", name, "{userName: \(name), extensions: {\"\(urn)\": {badgeNumber: \(number), pin: {env: PIN}}}}")
  }

  private func source(_ path: String, _ text: String) -> ManifestSource {
    ManifestSource(path: path, bytes: Array(text.utf8))
  }

  @Test func whatIsLeftOutHasTheDefaultsOfTheRFC() throws {
    let compilation = ManifestCompiler().compile([source("x", Self.badge)])
    try #require(compilation.isValid, "\(compilation.diagnostics)")
    let schema = try #require(compilation.schemas.first)
    #expect(compilation.schemas.count == 1)
    #expect(schema.id == Self.urn)
    #expect(schema.resourceType == "User")
    #expect(!schema.isRequired)
    #expect(schema.schema.name == "badge")
    #expect(
      schema.schema.attributes == [
        Attribute("badgeNumber", .integer, uniqueness: .server),
        Attribute(
          "doors", .complex, isMultiValued: true,
          subAttributes: [
            Attribute("value", isCaseExact: true),
            Attribute("$ref", .reference, isCaseExact: true, referenceTypes: ["Group"]),
          ]),
        Attribute("pin", mutability: .writeOnly, returned: .never),
      ])
  }

  /// Wherever the schema stands: in a file that is named for it, in another one, in the same one before or after.
  @Test(arguments: [
    [("a/schemas/badge.yaml", badge), ("b.yaml", holder("u", badge: 7))],
    [("z.yaml", badge), ("b.yaml", holder("u", badge: 7))],
    [("b.yaml", holder("u", badge: 7) + "---\n" + badge)],
    [("-", badge + "---\n" + holder("u", badge: 7))],
    [("z.yaml", badge.replacing("kind: Schema", with: "kind: \"\\x53chema\"")), ("b.yaml", holder("u", badge: 7))],
    [("z.yaml", badge.replacing("kind: Schema", with: "kind: ${KIND}")), ("b.yaml", holder("u", badge: 7))],
  ])
  func documentsAreReadWithTheSchemasOfAllFiles(_ files: [(String, String)]) async throws {
    let compiler = ManifestCompiler(variables: ["KIND": "Schema"])
    let sources = files.map(source)
    for compilation in [compiler.compile(sources), await compiler.compile(sources, parallelism: 2)] {
      try #require(compilation.isValid, "\(compilation.diagnostics)")
      #expect(compilation.schemas.map(\.id) == [Self.urn])
      #expect(compilation.documents == 2)
      let user = try #require(compilation.desiredState.resources.first)
      #expect(user.attributes[Self.urn] == ["badgeNumber": 7])
      #expect(user.secrets == ["\(Self.urn):pin": .environment("PIN")])
      #expect(compilation.desiredState.endpoints.map(\.schemas) == [compilation.schemas])
    }
  }

  @Test func aNameStandsForAReference() throws {
    let text = document(
      "User", "u", "{userName: u, extensions: {\"\(Self.urn)\": {doors: [front, {value: \"4711\"}]}}}")
    let compilation = ManifestCompiler().compile([source("x", Self.badge + "---\n" + text + "---\n" + group("front"))])
    try #require(compilation.isValid, "\(compilation.diagnostics)")
    #expect(
      compilation.desiredState.resources.last?.attributes[Self.urn]
        == ["doors": [["value": "bulkId:Group/front"], ["value": "4711"]]])
  }

  @Test func aFaultySchemaIsNotHeldAgainstOthers() {
    let faulty = Self.badge.replacing("type: integer", with: "type: number")
    let compilation = ManifestCompiler().compile([source("x", Self.holder("u", badge: 7) + "---\n" + faulty)])
    #expect(compilation.diagnostics.map(\.code) == [DiagnosticCode.invalidChoice.rawValue])
  }

  @Test(arguments: UInt64(0)..<200) func anySchemaReadsBackAsItWasWritten(_ seed: UInt64) throws {
    var random = RandomSchemas(seed: seed)
    let schema = random.schema()
    #expect(SchemaExtension(schema.json) == schema)

    var spec = schema.json
    spec["schemas"] = nil
    var writer = YAMLWriter()
    writer.append([
      "apiVersion": "rollcall/v1", "kind": "Schema", "metadata": ["name": "s"], "spec": .object(spec),
    ])
    let text = writer.text.replacing("$${", with: "$$${")
    let compilation = ManifestCompiler().compile([source("x", text)])
    try #require(compilation.isValid, "\(text)\n\(compilation.diagnostics)")
    #expect(compilation.schemas == [schema])
  }
}
