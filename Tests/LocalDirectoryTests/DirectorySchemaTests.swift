import JSON
import LocalDirectory
import SCIM
import Testing

/// The schemas that a directory keeps, and what it enforces of them.
@Suite struct DirectorySchemaTests {
  private static let urn = "urn:example:params:scim:schemas:badge:2.0:User"

  private static func badge(_ attributes: [Attribute], of type: String = "User", isRequired: Bool = false)
    -> SchemaExtension
  {
    SchemaExtension(
      Schema(id: urn, name: "Badge", attributes: attributes), of: type, isRequired: isRequired)
  }

  private static func fixture(_ attributes: [Attribute]) throws -> DirectoryFixture {
    try DirectoryFixture(catalog: .directory.extended(by: [badge(attributes)]))
  }

  private static func wearing(_ badge: JSONObject) -> JSONObject { [urn: .object(badge)] }

  @Test func whatIsKeptIsKnownAfterwards() async throws {
    let directory = try DirectoryFixture().directory
    let schema = Self.badge([Attribute("badgeNumber", .integer)])
    #expect(try await directory.extended(by: [schema]).catalog.schema(Self.urn) == schema.schema)
    #expect(try await directory.extended().catalog == directory.catalog)

    try await directory.keep([schema], by: "test")
    #expect(try await directory.keptSchemas() == [schema])
    #expect(try await directory.extended().catalog == directory.catalog.extended(by: [schema]))

    let changed = Self.badge([Attribute("badgeNumber"), Attribute("colour")], isRequired: true)
    #expect(try await directory.extended(by: [changed]).catalog == directory.catalog.extended(by: [changed]))
    try await directory.keep([changed], by: "test")
    try await directory.keep([changed], by: "test")
    #expect(try await directory.keptSchemas() == [changed])

    let events = try await directory.events(after: 0, limit: 10)
    #expect(events.map(\.action) == [.create, .update])
    #expect(events.map(\.id) == [Self.urn, Self.urn])
    let changes = try await directory.changes(events)
    #expect(changes.map { $0.before.flatMap { SchemaExtension($0) } } == [nil, schema])
    #expect(changes.map { $0.after.flatMap { SchemaExtension($0) } } == [schema, changed])
  }

  @Test func aSchemaInUseIsNotForgotten() async throws {
    let fixture = try Self.fixture([Attribute("badgeNumber", .integer)])
    let schema = Self.badge([Attribute("badgeNumber", .integer)])
    try await fixture.directory.keep([schema], by: "test")
    let ann = try await fixture.makeUser("ann", Self.wearing(["badgeNumber": 7]))
    #expect(try await fixture.directory.forgetSchemas(except: [], by: "test") == [Self.urn])
    #expect(try await fixture.directory.keptSchemas() == [schema])
    let error = await scimError {
      try await fixture.directory.keep([Self.badge(schema.schema.attributes, of: "Group")], by: "test")
    }
    #expect(error?.status == 409)

    try await fixture.directory.delete(type: fixture.user, id: ann.id, by: "test")
    #expect(try await fixture.directory.forgetSchemas(except: [schema], by: "test") == [])
    #expect(try await fixture.directory.keptSchemas() == [schema])
    #expect(try await fixture.directory.forgetSchemas(except: [], by: "test") == [])
    #expect(try await fixture.directory.keptSchemas() == [])
  }

  /// Two values as JSON, and whether the second is the first.
  @Test(arguments: [
    (Attribute("badgeNumber", .integer, uniqueness: .server), "7", "7", true),
    (Attribute("badgeNumber", .integer, uniqueness: .server), "7", "8", false),
    (Attribute("badgeNumber", .decimal, uniqueness: .global), "7", "7.0", true),
    (Attribute("badgeNumber", uniqueness: .server), "\"Ä7\"", "\"ä7\"", true),
    (Attribute("badgeNumber", isCaseExact: true, uniqueness: .server), "\"A7\"", "\"a7\"", false),
    (Attribute("badgeNumber", isCaseExact: true, uniqueness: .server), "\"A7\"", "\"A7\"", true),
    (Attribute("badgeNumber"), "\"A7\"", "\"A7\"", false),
    (
      Attribute("badgeNumber", uniqueness: .server), "\"\(String(repeating: "x", count: 2000))1\"",
      "\"\(String(repeating: "x", count: 2000))2\"", false
    ),
  ])
  func uniqueValuesAreTakenOnce(_ attribute: Attribute, _ first: String, _ second: String, _ isTaken: Bool)
    async throws
  {
    let (first, second) = (try JSONValue(parsing: first), try JSONValue(parsing: second))
    let fixture = try Self.fixture([attribute])
    let ann = try await fixture.makeUser("ann", Self.wearing(["badgeNumber": first]))
    let bob = try await fixture.makeUser("bob")
    let path = AttributePath(schema: Self.urn, "badgeNumber")
    let patched = await scimError { try await fixture.patchUser(bob.id, PatchOperation(.add, path, value: second)) }
    #expect(patched?.kind == (isTaken ? .uniqueness : nil))
    #expect(patched?.status == (isTaken ? 409 : nil))
    if !isTaken { try await fixture.directory.delete(type: fixture.user, id: bob.id, by: "test") }
    let made = await scimError { try await fixture.makeUser("eve", Self.wearing(["badgeNumber": second])) }
    #expect(made?.kind == (isTaken ? .uniqueness : nil))
    // Whoever has the value may write it again.
    _ = try await fixture.patchUser(ann.id, PatchOperation(.replace, path, value: first))
  }

  @Test func secretsOutliveWhoeverCannotReadThem() async throws {
    let pin = Attribute("pin", isCaseExact: true, mutability: .writeOnly, returned: .never)
    let fixture = try Self.fixture([pin, Attribute("colour")])
    let ann = try await fixture.makeUser("ann", Self.wearing(["pin": "1234", "colour": "red"]))
    #expect(ann[Self.urn] == ["colour": "red"])
    let replaced = try await fixture.directory.replace(
      type: fixture.user, id: ann.id, attributes: ["userName": "ann", "title": "Dr"], by: "test")
    #expect(replaced[Self.urn] == nil)
    #expect(replaced["schemas"]?.array?.contains(.string(Self.urn)) == true)
    let events = try await fixture.directory.events(after: 0, limit: 10)
    #expect(!"\(events)".contains("1234"))

    let removed = try await fixture.patchUser(ann.id, PatchOperation(.remove, try AttributePath(parsing: Self.urn)))
    #expect(removed["schemas"] == [.string(SchemaURN.user)])
  }

  @Test func whatNewWritesMustFitStoredResourcesNeedNot() async throws {
    let before = try DirectoryFixture()
    let ann = try await before.makeUser("ann")
    let schema = Self.badge([Attribute("badgeNumber", .integer, isRequired: true)], isRequired: true)
    try await before.directory.keep([schema], by: "test")
    let directory = try await before.directory.extended()
    let users = try directory.catalog.named("User")
    #expect(try await directory.resource(type: users, id: ann.id).userName == "ann")
    let title: JSONObject = ["userName": "ann", "title": "Dr"]
    let refused = await scimError {
      try await directory.replace(type: users, id: ann.id, attributes: title, by: "test")
    }
    #expect(refused?.kind == .invalidValue)
    #expect(refused?.detail.contains(Self.urn) == true)
    var whole = title
    whole[Self.urn] = ["badgeNumber": 7]
    let fitting = try await directory.replace(type: users, id: ann.id, attributes: whole, by: "test")
    #expect(fitting[Self.urn] == ["badgeNumber": 7])
  }
}
