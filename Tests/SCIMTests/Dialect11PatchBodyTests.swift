import JSON
import SCIM
import SeededRandom
import Testing

/// Operations of SCIM 2.0 as bodies of a SCIM 1.1 PATCH.
@Suite struct Dialect11PatchBodyTests {
  private let catalog = SchemaCatalog.standard

  private func body(
    _ operations: PatchOperation..., of name: String = "User", on current: JSONObject? = nil
  ) throws -> JSONObject {
    let body = try PatchBody(operations, of: try #require(catalog.resourceType(name)), catalog: catalog)
    #expect(body.dependsOnResource == (current != nil))
    return try body.json(on: current ?? [:])
  }

  @Test func exactlyWhatDiffersIsSaid() throws {
    let said = try body(
      PatchOperation(.replace, AttributePath("title"), value: "Head"),
      PatchOperation(.replace, AttributePath("name", sub: "givenName"), value: "Babs"),
      PatchOperation(.remove, AttributePath("name", sub: "familyName")),
      PatchOperation(.remove, AttributePath("nickName")))
    #expect(
      said == [
        "schemas": ["urn:scim:schemas:core:1.0"], "title": "Head", "name": ["givenName": "Babs"],
        "meta": ["attributes": ["name.familyName", "nickName"]],
      ])
  }

  @Test func listsTakeThePlaceOfOthers() throws {
    let emails: JSONValue = [["value": "b@work.example", "type": "work"]]
    let said = try body(PatchOperation(.replace, AttributePath("emails"), value: emails))
    #expect(said["emails"] == emails)
    #expect(said["meta"] == ["attributes": ["emails"]])
  }

  @Test func membersComeAndGoOneByOne() throws {
    let isTwo = Filter.compare(AttributePath("value"), .equal, "2")
    let said = try body(
      PatchOperation(.add, AttributePath("members"), value: [["value": "1"]]),
      PatchOperation(.remove, AttributePath("members", valueFilter: isTwo)), of: "Group")
    #expect(said["members"] == [["value": "1"], ["value": "2", "operation": "delete"]])
    #expect(said["meta"] == nil)
  }

  @Test func extensionsHaveTheirOldNames() throws {
    let urn = SchemaURN.enterpriseUser
    let said = try body(
      PatchOperation(.replace, AttributePath(schema: urn, "manager"), value: ["value": "26"]),
      PatchOperation(.remove, AttributePath(schema: urn, "department")))
    #expect(said["schemas"] == ["urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:enterprise:1.0"])
    #expect(said["urn:scim:schemas:extension:enterprise:1.0"] == ["manager": ["managerId": "26"]])
    #expect(said["meta"] == ["attributes": ["urn:scim:schemas:extension:enterprise:1.0:department"]])
  }

  @Test func whatNeedsALookIsCarriedOutHere() throws {
    let isWork = Filter.compare(AttributePath("type"), .equal, "work")
    let said = try body(
      PatchOperation(.replace, AttributePath("emails", valueFilter: isWork, sub: "value"), value: "new@work.example"),
      on: ["emails": [["value": "b@work.example", "type": "work"], ["value": "b@home.example", "type": "home"]]])
    #expect(
      said["emails"] == [["value": "new@work.example", "type": "work"], ["value": "b@home.example", "type": "home"]])
  }

  @Test func whatNobodyMayWriteIsRefused() {
    for path in [AttributePath("groups"), AttributePath("shoeSize")] {
      #expect(throws: SCIMError.self) { try body(PatchOperation(.replace, path, value: "x")) }
    }
  }

  /// What SCIM 1.1 can tell: all but `$ref`.
  private static func known(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(known).filter { $0 != [:] })
    case .object(let object):
      .object(
        JSONObject(
          object.members.filter { $0.key != "$ref" && $0.key != "schemas" }
            .map { ($0.key, known($0.value)) }.filter { ![[:], []].contains($0.1) }))
    default: value
    }
  }

  /// Said in SCIM 1.1 and read back, operations do what they did.
  @Test(arguments: ["User", "Group"])
  func theBodyDoesWhatTheOperationsDo(_ name: String) throws {
    let type = try #require(catalog.resourceType(name))
    let validator = ResourceValidator(type: type, catalog: catalog, unknown: .refused)
    let patcher = ResourcePatcher(type: type, catalog: catalog)
    var random = RandomResources(seed: 23)
    var compared = 0
    for _ in 0..<800 {
      let resource = try validator.normalized(random.resource(of: type, in: catalog))
      let operations = (0..<Int.random(in: 1...3, using: &random.generator)).map { _ in
        random.operation(on: type, in: catalog)
      }
      guard let wanted = try? patcher.applying(operations, to: resource) else { continue }
      let body = try PatchBody(operations, of: type, catalog: catalog)
      let said = try body.json(on: body.dependsOnResource ? resource : [:])
      let read = try PartialResource(said, of: type, catalog: catalog)
      let made = try patcher.applying(read.operations(on: read.dependsOnResource ? resource : [:]), to: resource)
      #expect(Self.known(.object(made)) == Self.known(.object(wanted)), "\(operations) became \(said)")
      compared += 1
    }
    #expect(compared > 200)
  }
}
