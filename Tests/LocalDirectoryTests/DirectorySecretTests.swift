import JSON
import LocalDirectory
import SCIM
import Testing

/// Write-only values that stand deep in a document, and names that never change: identity providers have both.
struct DirectorySecretTests {
  private let fixture: DirectoryFixture
  private let type: ResourceType

  init() throws {
    fixture = try DirectoryFixture()
    type = try SchemaCatalog.standard.named("IdentityProvider")
  }

  private func provider(_ name: String, secret: JSONValue? = nil, scopes: JSONValue = ["openid"]) -> JSONObject {
    var authenticator: JSONObject = ["type": "openidconnect", "clientId": "rollcall", "scopes": scopes]
    authenticator["clientSecret"] = secret
    return ["name": .string(name), "authenticators": [.object(authenticator)]]
  }

  private func create(_ attributes: JSONObject) async throws -> Resource {
    try await fixture.directory.create(type: type, attributes: attributes, by: "test")
  }

  @Test func secretsAreNeverShown() async throws {
    let created = try await create(provider("github", secret: "s3cret"))
    #expect(created["authenticators"]?.array?.first?["clientId"] == "rollcall")
    #expect(!created.attributes.text.contains("s3cret"))
    let projection = Projection(attributes: [AttributePath("authenticators", sub: "clientSecret")])
    let asked = try await fixture.directory.resource(type: type, id: created.id, projection: projection)
    #expect(!asked.attributes.text.contains("s3cret"))
    #expect(!"\(try await fixture.directory.events(after: 0, limit: 9))".contains("s3cret"))
  }

  @Test func replacingWithoutASecretKeepsIt() async throws {
    let created = try await create(provider("github", secret: "s3cret"))
    let same = try await fixture.directory.replace(
      type: type, id: created.id, attributes: provider("github"), by: "test")
    #expect(same.version == created.version)
    let changed = try await fixture.directory.replace(
      type: type, id: created.id, attributes: provider("github", secret: "other"), by: "test")
    #expect(changed.version == "W/\"2\"")
    let kept = try await fixture.directory.replace(
      type: type, id: created.id, attributes: provider("github", secret: "other", scopes: ["email"]), by: "test")
    #expect(kept.version == "W/\"3\"")
  }

  @Test func theNameIsUniqueToTheLetterAndNeverChanges() async throws {
    let created = try await create(provider("github"))
    #expect(await scimError { try await create(provider("github")) }?.status == 409)
    _ = try await create(provider("GitHub"))
    let renaming = await scimError {
      try await fixture.directory.replace(type: type, id: created.id, attributes: provider("gitlab"), by: "test")
    }
    #expect(renaming?.status == 400)
    #expect(renaming?.kind == .mutability)
  }
}
