import Foundation
import JSON
import SCIM
import Testing

@testable import Reconciliation

@Suite struct AttributeDiffTests {
  /// The one change between a desired and a live user of the same name, linked by the ledger.
  private func change(
    _ desired: JSONObject, _ live: JSONObject, applied: JSONObject? = [:], _ adjust: (inout World) -> Void = { _ in }
  ) -> Change? {
    var world = World()
    world.desired = [user("alice", desired)]
    world.live["User"] = [liveUser("1", "alice", live)]
    if let applied { world.ledger = Ledger([entry("User", "alice", "1", applied)]) }
    adjust(&world)
    return world.plan().changes.first
  }

  @Test func whatIsNotWrittenIsNotManaged() {
    #expect(change(["title": "Dr"], ["title": "Dr", "nickName": "Al", "emails": [["value": "a@b.c"]]]) == nil)
  }

  @Test func nullClears() {
    let change = change(["title": nil], ["title": "Dr"])
    #expect(change?.operations == [PatchOperation(.remove, AttributePath("title"))])
    #expect(change?.attributes == [AttributeChange(path: "title", before: "Dr", after: nil, cause: .manifest)])
  }

  @Test(arguments: [[:], ["title": nil]] as [JSONObject])
  func clearingWhatIsNotThereIsNothing(live: JSONObject) {
    #expect(change(["title": nil], live) == nil)
  }

  @Test func aPartOfAComplexAttributeIsWrittenAlone() {
    let change = change(["name": ["givenName": "Al"]], ["name": ["givenName": "Bo", "familyName": "Li"]])
    #expect(change?.operations == [PatchOperation(.replace, AttributePath("name", sub: "givenName"), value: "Al")])
  }

  @Test func aComplexAttributeThatIsNotThereIsWrittenWhole() {
    let change = change(["name": ["givenName": "Al"]], [:])
    #expect(change?.operations == [PatchOperation(.replace, AttributePath("name"), value: ["givenName": "Al"])])
  }

  @Test func extensionsAreNamedByTheirURN() {
    let change = change([enterprise: ["department": "IT"]], [enterprise: ["department": "HR", "division": "X"]])
    #expect(
      change?.operations == [PatchOperation(.replace, AttributePath(schema: enterprise, "department"), value: "IT")])
  }

  @Test func elementsAreASetAndMayCarryMoreThanWasAsked() {
    let home: JSONValue = ["value": "h@x.y", "type": "home"]
    let desired: JSONValue = [["value": "w@x.y", "type": "work"], home]
    let live: JSONValue = [home, ["value": "w@x.y", "type": "work", "primary": true, "display": "w"]]
    #expect(change(["emails": desired], ["emails": live]) == nil)
  }

  /// RFC 7643 section 2.4: no endpoint should tell a value twice, whoever wrote it twice.
  @Test func aRepeatedElementCountsOnce() {
    let once: JSONValue = [["value": "w@x.y", "type": "work"]]
    let twice: JSONValue = [["value": "w@x.y", "type": "work"], ["value": "W@x.y", "type": "WORK", "primary": false]]
    #expect(change(["emails": twice], ["emails": once]) == nil)
    #expect(change(["emails": once], ["emails": twice]) == nil)
    #expect(change(["emails": twice], ["emails": twice]) == nil)
    let other = change(["emails": twice], ["emails": [["value": "h@x.y", "type": "work"]]])
    #expect(other?.operations == [PatchOperation(.replace, AttributePath("emails"), value: once)])
  }

  @Test func elementsAreReplacedTogetherAndExplainedByType() {
    let change = change(
      ["emails": [["value": "new@x.y", "type": "work"]]], ["emails": [["value": "old@x.y", "type": "work"]]])
    #expect(
      change?.operations == [
        PatchOperation(.replace, AttributePath("emails"), value: [["value": "new@x.y", "type": "work"]])
      ])
    #expect(change?.attributes.map(\.path) == ["emails[type eq \"work\"].value"])
    #expect(change?.attributes.first?.before == "old@x.y")
  }

  @Test func ignoredElementsSurviveAReplacement() throws {
    let fax = try AttributePath(parsing: "phoneNumbers[type eq \"fax\"]")
    let faxNumber: JSONValue = ["value": "3", "type": "fax"]
    let live: JSONObject = ["phoneNumbers": [["value": "1", "type": "work"], faxNumber]]
    #expect(change(["phoneNumbers": [["value": "1", "type": "work"]]], live) { $0.declaration.ignore = [fax] } == nil)
    let change = change(["phoneNumbers": [["value": "2", "type": "work"]]], live) { $0.declaration.ignore = [fax] }
    #expect(change?.operations.first?.value == [["value": "2", "type": "work"], faxNumber])
  }

  @Test func ignoredAttributesAreNeitherComparedNorWritten() {
    #expect(change(["profileUrl": "https://a"], [:]) { $0.declaration.ignore = [AttributePath("profileUrl")] } == nil)
  }

  @Test func readOnlyAttributesAreSkipped() {
    #expect(change(["id": "other", "groups": [["value": "g"]]], [:]) == nil)
  }

  @Test func caseCountsWhereTheSchemaSaysSo() {
    #expect(change(["userName": "ALICE"], [:]) == nil)
    #expect(change(["externalId": "e1"], ["externalId": "E1"]) != nil)
  }

  @Test(
    arguments: [
      (["title": "New"], "Old", ["title": "Old"], Cause.manifest),
      (["title": "New"], "Old", ["title": "New"], .endpoint),
      (["title": "New"], "Old", ["title": "Older"], .both),
      (["title": "New"], "Old", nil, .unknown),
    ] as [(JSONObject, JSONValue, JSONObject?, Cause)])
  func theCauseIsThreeWay(desired: JSONObject, live: JSONValue, applied: JSONObject?, cause: Cause) {
    #expect(change(desired, ["title": live], applied: applied)?.attributes.map(\.cause) == [cause])
  }

  @Test func whatLeftTheManifestIsClearedWhenWeSetItLast() {
    let applied: JSONObject = ["userName": "alice", "title": "Dr", "name": ["givenName": "Al", "middleName": "X"]]
    let change = change(
      ["name": ["givenName": "Al"]], ["title": "Dr", "name": ["givenName": "Al", "middleName": "X"]], applied: applied)
    #expect(
      Set(change?.operations ?? []) == [
        PatchOperation(.remove, AttributePath("title")),
        PatchOperation(.remove, AttributePath("name", sub: "middleName")),
      ])
    #expect(self.change([:], ["title": "Prof"], applied: ["userName": "alice", "title": "Dr"]) == nil)
  }

  @Test func aRenameKeepsTheId() {
    let change = change(["userName": "alice.new"], [:])
    #expect(change?.action == .update)
    #expect(change?.remoteID == "1")
    #expect(change?.isRename == true)
  }

  @Test func withoutPatchTheWholeResourceIsSent() {
    let live: JSONObject = [
      "title": "Dr", "meta": ["version": "W/\"1\""], "groups": [["value": "g"]], "nickName": "Al",
    ]
    let change = change(["title": "Prof"], live) { $0.capabilities.supportsPatch = false }
    #expect(change?.body?["title"] == "Prof")
    #expect(change?.body?["nickName"] == "Al")
    #expect(change?.body?["meta"] == nil && change?.body?["groups"] == nil && change?.body?["id"] == nil)
    #expect(change?.version == "W/\"1\"")
  }

  @Test func secretsAreSetAtCreationAndAgainOnlyWhenTheyRotate() {
    let password: [String: SecretReference] = ["password": .environment("PW")]
    var world = World()
    world.desired = [user("alice", secrets: password)]
    #expect(world.plan(digest: "new").changes.first?.secrets == password)
    world.live["User"] = [liveUser("1", "alice")]
    var known = entry("User", "alice", "1", ["userName": "alice"])
    known.secretDigests = ["password": "old"]
    world.ledger = Ledger([known])
    #expect(world.plan(digest: "new").changes.isEmpty)
    world.desired = [user("alice", secrets: password, rotates: true)]
    #expect(world.plan(digest: "old").changes.isEmpty)
    let change = world.plan(digest: "new").changes.first
    #expect(change?.secrets == password)
    #expect(change?.attributes == [AttributeChange(path: "password", before: "•••", after: "•••", cause: .manifest)])
  }
}
