import JSON
import LocalDirectory
import OpenID
import SCIM
import Testing

/// Applications and their secrets, as service providers register them.
struct ClientRegistrationTests {
  private let fixture: DirectoryFixture
  private let type: ResourceType
  private var directory: Directory { fixture.directory }

  init() throws {
    fixture = try DirectoryFixture()
    type = try SchemaCatalog.directory.named("ServiceProvider")
  }

  private func application(_ name: String, _ settings: JSONObject) -> JSONObject {
    var all: JSONObject = ["clientId": .string(name)]
    for member in settings { all[member.key] = member.value }
    return ["name": .string(name), "inbound": ["openidconnect": .object(all)]]
  }

  private func create(_ name: String, _ settings: JSONObject) async throws -> Resource {
    try await directory.create(type: type, attributes: application(name, settings), by: "test")
  }

  private func patch(_ id: String, _ operation: PatchOperation) async throws -> Resource {
    try await directory.patch(type: type, id: id, operations: [operation], by: "test")
  }

  @Test func theSecretIsVerifiedAndKeptAsAHash() async throws {
    let created = try await create(
      "app",
      [
        "clientSecret": "s3cret", "grantTypes": ["client_credentials", "refresh_token"], "scopes": ["users:read"],
        "accessTokenLifetime": "30m",
      ])
    let client = try await directory.authenticateClient(id: "app", secret: "s3cret")
    #expect(
      client
        == Client(
          id: "app", resource: created.id, grantTypes: [.clientCredentials, .refreshToken],
          scopes: try Scopes(parsing: "users:read"), accessTokenLifetime: 1800))
    #expect(try await directory.client(named: "app") == client)
    #expect(try await directory.client(registeredBy: created.id) == client)
    #expect(try await directory.authenticateClient(id: "app", secret: "wrong") == nil)
    #expect(try await directory.authenticateClient(id: "app", secret: "reversed:terc3s") == nil)
    #expect(try await directory.authenticateClient(id: "nobody", secret: "s3cret") == nil)
    let kept = try await fixture.stored(type, created.id)
    #expect(!kept.attributes.text.contains("s3cret"))
    #expect(kept.attributes.text.contains("reversed:terc3s"))
  }

  /// However a secret is written, it is hashed once; the same secret again changes nothing.
  @Test func everyWayOfWritingHashesTheSecret() async throws {
    let created = try await create("app", ["clientSecret": "first"])
    let same = try await directory.replace(
      type: type, id: created.id, attributes: application("app", ["clientSecret": "first"]), by: "test")
    #expect(same.version == created.version)
    let operations = [
      PatchOperation(
        .replace, AttributePath("inbound", sub: "openidconnect"), value: ["clientId": "app", "clientSecret": "one"]),
      PatchOperation(
        .replace, AttributePath("inbound"), value: ["openidconnect": ["clientId": "app", "clientSecret": "two"]]),
      PatchOperation(.add, value: ["inbound": ["openidconnect": ["clientId": "app", "clientSecret": "three"]]]),
    ]
    for (operation, secret) in zip(operations, ["one", "two", "three"]) {
      _ = try await patch(created.id, operation)
      #expect(try await directory.authenticateClient(id: "app", secret: secret) != nil)
      #expect(try await fixture.stored(type, created.id).attributes.text.contains("reversed:"))
    }
    _ = try await patch(created.id, PatchOperation(.replace, AttributePath("displayName"), value: "The app"))
    #expect(try await directory.authenticateClient(id: "app", secret: "three") != nil)
  }

  @Test func noTwoApplicationsShareAnIdentifier() async throws {
    _ = try await create("app", [:])
    let other = try await create("other", [:])
    #expect(await scimError { try await create("third", ["clientId": "app"]) }?.kind == .uniqueness)
    let error = await scimError {
      try await patch(
        other.id, PatchOperation(.replace, AttributePath("inbound", sub: "openidconnect"), value: ["clientId": "app"]))
    }
    #expect(error?.status == 409)
    _ = try await create("App", [:])
  }

  @Test(
    arguments: [
      ["accessTokenLifetime": "soon"], ["accessTokenLifetime": "0s"], ["scopes": ["users read"]],
    ] as [JSONObject])
  func settingsThatMeanNothingAreRefused(_ settings: JSONObject) async throws {
    let error = await scimError { try await create("app", settings) }
    #expect(error?.status == 400)
    #expect(error?.kind == .invalidValue)
  }

  @Test func whoIsGoneGetsNoFurther() async throws {
    let created = try await create("app", ["clientSecret": "s3cret"])
    try await directory.delete(type: type, id: created.id, by: "test")
    #expect(try await directory.authenticateClient(id: "app", secret: "s3cret") == nil)
    #expect(try await directory.client(registeredBy: created.id) == nil)
  }
}
