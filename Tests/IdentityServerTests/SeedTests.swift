import JSON
import NIOHTTP1
import SCIM
import Testing

/// The four requests of the walk-through that introduces inbound provisioning, as `curl` sends them.
struct SeedTests {
  private let json = ["Content-Type": "application/json"]

  @Test func createsViewsUpdatesAndDeletesTheUser() async throws {
    try await withServer { server in
      let created = try await server.send(.POST, "/Users", Self.creation, headers: json)
      #expect(created.status == 201)
      #expect(created.header("Content-Type") == "application/scim+json")
      #expect(created.json["userName"] == "rashmini")
      #expect(created.json["name"]?["familyName"] == "N")
      #expect(created.json["emails"] == [["primary": true, "value": "rash@gmail.com", "type": "home"]])
      #expect(created.json["schemas"]?.array?.contains(.string("urn:ietf:params:scim:schemas:core:2.0:User")) == true)
      #expect(created.json["password"] == nil)
      #expect(created.json["meta"]?["resourceType"] == "User")
      #expect(created.json["meta"]?["location"] == .string("\(server.base)/Users/\(created.id)"))
      #expect(created.header("Location") == created.json["meta"]?["location"]?.string)

      let viewed = try await server.send(.GET, "/Users/\(created.id)")
      #expect(viewed.status == 200)
      #expect(viewed.json == created.json)

      let updated = try await server.send(.PUT, "/Users/\(created.id)", Self.update, headers: json)
      #expect(updated.status == 200)
      #expect(updated.id == created.id)
      #expect(updated.json["emails"] == [["value": "rashmini@gmail.com", "type": "home"]])
      #expect(updated.json["meta"]?["created"] == created.json["meta"]?["created"])

      let deleted = try await server.send(
        .DELETE, "/Users/\(created.id)", headers: ["Accept": "application/scim+json"])
      #expect(deleted.status == 204)
      #expect(deleted.bytes.isEmpty)
      let gone = try await server.send(.GET, "/Users/\(created.id)")
      #expect(gone.status == 404)
      #expect(gone.json["status"] == "404")
    }
  }

  private static let creation: JSONValue = [
    "schemas": [], "name": ["familyName": "N", "givenName": "Rashmini"], "userName": "rashmini", "password": "abc123",
    "emails": [["primary": true, "value": "rash@gmail.com", "type": "home"]],
  ]

  private static let update: JSONValue = [
    "schemas": [], "name": ["familyName": "N", "givenName": "Rashmini"], "userName": "rashmini",
    "emails": [["value": "rashmini@gmail.com", "type": "home"]],
  ]
}
