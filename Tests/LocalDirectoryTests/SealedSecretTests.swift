import JSON
import LocalDirectory
import SCIM
import Testing

/// Secrets that the server must be able to read again are in the store, and nobody reads them there.
struct SealedSecretTests {
  private let box = SecretBox(Array("key".utf8))

  private func makeProvider(_ directory: Directory, password: String?) async throws -> Resource {
    var connector: JSONObject = ["name": "scim", "type": "scim1"]
    connector["password"] = password.map(JSONValue.string)
    return try await directory.create(
      type: try directory.catalog.named("IdentityProvider"),
      attributes: ["name": "is2", "provisioning": ["connectors": [.object(connector)]]], by: "test")
  }

  private func password(_ directory: Directory) async throws -> JSONValue? {
    let provider = try await directory.disclosed(try directory.catalog.named("IdentityProvider")).first
    return provider?["provisioning"]?["connectors"]?.array?.first?["password"]
  }

  @Test func aBoxOpensWhatItSealedForThatPlaceOnly() throws {
    let sealed = try box.seal("s3crét", for: "a")
    #expect(box.open(sealed, for: "a") == "s3crét")
    #expect(box.open(sealed, for: "b") == nil)
    #expect(SecretBox(Array("another".utf8)).open(sealed, for: "a") == nil)
    #expect(box.open("s3crét", for: "a") == nil)
    #expect(box.open(String(sealed.dropLast(4)), for: "a") == nil)
    #expect(try box.seal("s3crét", for: "a") != sealed)
    #expect("\(box)" == "SecretBox")
  }

  @Test func secretsAreSealedInTheStoreAndReadByTheServer() async throws {
    let fixture = try DirectoryFixture()
    let directory = fixture.directory.sealing(with: box)
    let provider = try await makeProvider(directory, password: "s3cret")
    let stored = try await fixture.stored(try directory.catalog.named("IdentityProvider"), provider.id)
    #expect(!JSONValue.object(stored.attributes).text.contains("s3cret"))
    #expect(try await password(directory) == "s3cret")
    #expect(try await password(fixture.directory.sealing(with: SecretBox([1]))) == nil)
    #expect(try await password(directory.extended()) == "s3cret")
  }

  @Test func theSameSecretAgainChangesNothingAndAnotherDoes() async throws {
    let fixture = try DirectoryFixture()
    let directory = fixture.directory.sealing(with: box)
    let type = try directory.catalog.named("IdentityProvider")
    let provider = try await makeProvider(directory, password: "s3cret")
    for (secret, version) in [(nil, 1), ("s3cret", 1), ("other", 2)] as [(String?, Int)] {
      var connector: JSONObject = ["name": "scim", "type": "scim1"]
      connector["password"] = secret.map(JSONValue.string)
      let replaced = try await directory.replace(
        type: type, id: provider.id,
        attributes: ["name": "is2", "provisioning": ["connectors": [.object(connector)]]], by: "test")
      #expect(replaced.version == "W/\"\(version)\"")
      #expect(try await password(directory) == .string(secret ?? "s3cret"))
    }
  }

  @Test func whatAnEarlierReleaseKeptInPlainIsReadAndSealedWithTheNextWrite() async throws {
    let fixture = try DirectoryFixture()
    let type = try fixture.directory.catalog.named("IdentityProvider")
    let provider = try await makeProvider(fixture.directory, password: "s3cret")
    let directory = fixture.directory.sealing(with: box)
    #expect(try await password(directory) == "s3cret")
    _ = try await directory.patch(
      type: type, id: provider.id,
      operations: [PatchOperation(.replace, AttributePath("displayName"), value: "Second")], by: "test")
    let stored = try await fixture.stored(type, provider.id)
    #expect(!JSONValue.object(stored.attributes).text.contains("s3cret"))
    #expect(try await password(directory) == "s3cret")
  }

  @Test func aClientSecretIsStillAHash() async throws {
    let fixture = try DirectoryFixture()
    let directory = fixture.directory.sealing(with: box)
    _ = try await directory.create(
      type: try directory.catalog.named("ServiceProvider"),
      attributes: ["name": "app", "inbound": ["openidconnect": ["clientId": "app", "clientSecret": "s3cret"]]],
      by: "test")
    #expect(try await directory.authenticateClient(id: "app", secret: "s3cret") != nil)
    #expect(try await directory.authenticateClient(id: "app", secret: "other") == nil)
  }
}
