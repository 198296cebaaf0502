import JSON
import LocalDirectory
import SCIM
import Testing

/// No secret of any schema comes into the record of changes, into answers, or into error messages.
struct AuditSecretTests {
  @Test(arguments: SchemaCatalog.directory.resourceTypes)
  func eventsHoldNoSecret(_ type: ResourceType) async throws {
    let fixture = try DirectoryFixture()
    let catalog = SchemaCatalog.directory
    let sample = Self.values(of: catalog.schema(type.schema)?.attributes ?? [])
    let created = try await fixture.directory.create(type: type, attributes: sample, by: "test")
    var changed = sample
    changed["displayName"] = "changed"
    let replaced = try await fixture.directory.replace(type: type, id: created.id, attributes: changed, by: "test")
    // While the store has the resource with its secrets.
    let earlier = try await fixture.directory.changes(try await fixture.directory.events(after: 0, limit: 9))
    try await fixture.directory.delete(type: type, id: created.id, by: "test")
    let events = try await fixture.directory.events(after: 0, limit: 9)
    #expect(events.map(\.action) == [.create, .update, .delete])
    let changes = try await fixture.directory.changes(events)
    #expect(!"\(events)\(changes)\(earlier)\(created)\(replaced)".contains("canary"))
  }

  @Test func theTestSeesSecrets() {
    let secrets = SchemaCatalog.directory.resourceTypes.filter { type in
      JSONValue.object(Self.values(of: SchemaCatalog.directory.schema(type.schema)?.attributes ?? [])).text
        .contains("canary")
    }
    #expect(Set(secrets.map(\.name)).isSuperset(of: ["User", "IdentityProvider", "ServiceProvider"]))
  }

  /// A value for every attribute that may be written and names no other resource; `canary` in all that are secret.
  private static func values(of attributes: [Attribute]) -> JSONObject {
    var object = JSONObject()
    for attribute in attributes where attribute.mutability != .readOnly {
      guard let value = value(of: attribute) else { continue }
      object[attribute.name] = attribute.isMultiValued ? .array([value]) : value
    }
    return object
  }

  private static func value(of attribute: Attribute) -> JSONValue? {
    switch attribute.type {
    case .complex:
      return ["members", "users", "groups"].contains(attribute.name)
        ? nil : .object(values(of: attribute.subAttributes))
    case .boolean: return true
    case .integer, .decimal: return 1
    case .dateTime: return "2026-01-01T00:00:00Z"
    case .binary: return "AAAA"
    case .string, .reference:
      if attribute.mutability == .writeOnly || attribute.returned == .never { return "canary" }
      let special: [String: JSONValue] = [
        "accessTokenLifetime": "1h", "refreshTokenLifetime": "1d", "name": "x", "rules": "userName pr",
      ]
      if let value = special[attribute.name] { return value }
      return .string(attribute.canonicalValues.first ?? "https://example.com/x")
    }
  }
}
