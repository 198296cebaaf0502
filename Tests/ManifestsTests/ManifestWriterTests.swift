import JSON
import Manifests
import Reconciliation
import SCIM
import Testing

@Suite struct ManifestWriterTests {
  private let listings: [String: [Resource]] = [
    "User": [
      Resource([
        "schemas": [.string(SchemaURN.user)], "id": "1", "userName": "Ann.Lee@corp.example", "externalId": "007",
        "name": ["givenName": "Ann", "familyName": "No"], "displayName": "${ANN}", "active": true, "title": "",
        "emails": [
          ["value": "ann@corp.example", "type": "work", "primary": true], ["value": "b@x.example", "primary": false],
        ],
        "groups": [["value": "9"]], "meta": ["resourceType": "User"],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": [
          "department": "1e3", "manager": ["value": "2", "displayName": "Bob"],
        ],
      ]),
      Resource(["id": "2", "userName": "bob", "active": false, "phoneNumbers": [], "password": "tip"]),
      Resource(["id": "3", "userName": "BOB!", "emails": ["c@x.example"]]),
    ],
    "Group": [
      Resource([
        "id": "9", "displayName": "Ops",
        "members": [["value": "1", "type": "User"], ["value": "8", "type": "Group"]],
      ]),
      Resource(["id": "8", "displayName": "Dev", "members": [["value": "2"], ["value": "unknown"]]]),
    ],
    "Role": [
      Resource([
        "id": "7", "displayName": "auditor", "permissions": ["/login"], "users": [["value": "2"]],
        "groups": [["value": "9"]],
      ])
    ],
    "Device": [Resource(["id": "5", "displayName": "Door 7", "active": true])],
  ]

  @Test func whatIsWrittenCompilesToWhatIsLive() throws {
    let files = ManifestWriter().files(for: listings)
    #expect(files.map(\.name) == ["devices.yaml", "groups.yaml", "roles.yaml", "users.yaml"])
    let compilation = ManifestCompiler().compile(
      files.map { ManifestSource(path: $0.name, bytes: Array($0.text.utf8)) })
    #expect(compilation.diagnostics.isEmpty, "\(compilation.diagnostics)")
    let resources = compilation.desiredState.resources
    #expect(
      resources.map(\.key.description) == [
        "Device/door-7", "Group/dev", "Group/ops", "Role/auditor", "User/ann.lee-corp.example", "User/bob",
        "User/bob-2",
      ])
    #expect(
      resources[4].attributes == [
        "userName": "Ann.Lee@corp.example", "externalId": "007", "name": ["givenName": "Ann", "familyName": "No"],
        "displayName": "${ANN}", "active": true, "title": "",
        "emails": [["value": "ann@corp.example", "type": "work", "primary": true], ["value": "b@x.example"]],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": [
          "department": "1e3", "manager": ["value": "bulkId:User/bob"],
        ],
      ])
    #expect(resources[6].attributes == ["userName": "BOB!", "emails": [["value": "c@x.example"]]])
    #expect(resources[0].attributes == ["displayName": "Door 7", "active": true])
  }

  @Test func membersGoByNameAndUnknownOnesAreLeftAlone() {
    let files = ManifestWriter().files(for: listings)
    let compilation = ManifestCompiler().compile(
      files.map { ManifestSource(path: $0.name, bytes: Array($0.text.utf8)) })
    let members = compilation.desiredState.resources.compactMap(\.members)
    #expect(members.map(\.mode) == [.atLeast, .exact, .exact])
    #expect(
      members.map { $0.references.map(\.key.description) } == [
        ["User/bob"], ["Group/dev", "User/ann.lee-corp.example"], ["Group/ops", "User/bob"],
      ])
  }

  @Test func secretsAreNeverWritten() {
    #expect(ManifestWriter().files(for: listings).allSatisfy { !$0.text.contains("tip") })
  }
}
