import JSON
import Manifests
import Reconciliation
import SCIM
import Testing

/// What an endpoint says goes to the one place of the manifests that says it, and nothing around it moves.
@Suite struct WriteBackTests {
  private static let manifests = """
    # The platform team
    apiVersion: rollcall/v1
    kind: User
    metadata: {name: alice}
    spec:
      userName: alice
      name: {givenName: Alice, familyName: "Example"}  # as in the passport
      title: Engineer        # until June
      emails:
        # at work
        - {value: alice@old.example, type: work, primary: true}
        - {value: alice@home.example, type: home}
      nickName: ${NICK:=Al}
      locale: &locale en
      preferredLanguage: *locale
      enterprise:
        department: Platform
        manager: bob  # for now
    ---
    apiVersion: rollcall/v1
    kind: User
    metadata: {name: bob}
    spec: {userName: bob, active: true}
    ---
    apiVersion: rollcall/v1
    kind: User
    metadata: {name: carol, labels: {team: a}}
    spec:
      userName: carol
      lifecycle: {endsAt: 2030-01-01}
    ---
    apiVersion: rollcall/v1
    kind: Group
    metadata: {name: admins}
    spec:
      displayName: Admins
      members:
        # the first
        - alice  # on call
        - bob
        # nobody else
    ---
    apiVersion: rollcall/v1
    kind: Group
    metadata: {name: everybody}
    spec:
      displayName: Everybody
      members: {refs: [{group: admins}], selector: {matchLabels: {team: a}}}

    """

  /// The text with the changes, what is left, and whether the text compiles.
  private func written(
    _ changes: [(String, [AttributeChange])], mapping: [AttributeMapping] = []
  ) -> (text: String, left: [WriteBack.Remainder], isValid: Bool) {
    let sources = [ManifestSource(path: "a.yaml", bytes: Array(Self.manifests.utf8))]
    var desired = ManifestCompiler().compile(sources).desiredState
    desired.endpoints[0].mapping = mapping
    var endpoint = EndpointPlan(endpoint: "local", driver: .embedded)
    endpoint.changes = changes.map { name, attributes in
      let key = desired.resources.first { $0.key.description == name }?.key ?? ResourceKey("", name)
      return Change(
        key: key, action: .update, situation: .linked, request: .patch([]), attributes: attributes,
        source: desired.resources.first { $0.key == key }?.location)
    }
    let result = WriteBack(Plan(endpoints: [endpoint]), of: desired, in: sources, catalog: .standard)
    let text = result.files.first?.after ?? Self.manifests
    let isValid = ManifestCompiler().compile([ManifestSource(path: "a.yaml", bytes: Array(text.utf8))]).isValid
    #expect(result.files.allSatisfy { !$0.isReformatted })
    return (text, result.remainders, isValid)
  }

  private func change(_ path: String, _ live: JSONValue?, _ desired: JSONValue?, _ cause: Cause = .endpoint)
    -> AttributeChange
  {
    AttributeChange(path: path, before: live, after: desired, cause: cause)
  }

  /// Expects just these lines to go and to come.
  private func expect(
    _ key: String, _ changes: [AttributeChange], _ gone: [String], _ come: [String],
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    let result = written([(key, changes)])
    let before = Self.manifests.split(separator: "\n").map(String.init)
    let after = result.text.split(separator: "\n").map(String.init)
    let difference = after.difference(from: before)
    func text(_ change: CollectionDifference<String>.Change) -> String {
      switch change {
      case .insert(_, let line, _), .remove(_, let line, _): line
      }
    }
    #expect(difference.removals.map(text) == gone, sourceLocation: sourceLocation)
    #expect(difference.insertions.map(text) == come, sourceLocation: sourceLocation)
    #expect(result.left.isEmpty && result.isValid, sourceLocation: sourceLocation)
  }

  @Test func values() {
    expect(
      "User/alice", [change("title", "Principal: Engineer", "Engineer")],
      ["  title: Engineer        # until June"], ["  title: \"Principal: Engineer\"  # until June"])
    expect("User/alice", [change("title", nil, "Engineer")], ["  title: Engineer        # until June"], [])
    expect(
      "User/bob", [change("active", false, true)], ["spec: {userName: bob, active: true}"],
      ["spec: {userName: bob, active: false}"])
    expect(
      "User/bob", [change("userName", "bob,x", "bob")], ["spec: {userName: bob, active: true}"],
      ["spec: {userName: \"bob,x\", active: true}"])
  }

  /// Whoever may write a title there could else have a variable of ours, a password perhaps, filled in and sent.
  @Test func whatLooksLikeAVariableIsNone() {
    expect(
      "User/alice", [change("title", "${HOME}", "Engineer")], ["  title: Engineer        # until June"],
      ["  title: \"$${HOME}\"      # until June"])
    expect(
      "User/alice", [change("name.familyName", "$${X} ${", "Example")],
      ["  name: {givenName: Alice, familyName: \"Example\"}  # as in the passport"],
      ["  name: {givenName: Alice, familyName: \"$$${X} $${\"}  # as in the passport"])
  }

  @Test func partsAndExtensions() {
    expect(
      "User/alice", [change("name.familyName", "Sample", "Example")],
      ["  name: {givenName: Alice, familyName: \"Example\"}  # as in the passport"],
      ["  name: {givenName: Alice, familyName: \"Sample\"}   # as in the passport"])
    let enterprise = SchemaURN.enterpriseUser
    expect(
      "User/alice", [change("\(enterprise):department", "Finance", "Platform")], ["    department: Platform"],
      ["    department: Finance"])
    expect(
      "User/alice", [change("\(enterprise):manager", "carol", "bob")], ["    manager: bob  # for now"],
      ["    manager: carol  # for now"])
  }

  @Test func elements() {
    expect(
      "User/alice", [change("emails[type eq \"work\"].value", "alice@new.example", "alice@old.example")],
      ["    - {value: alice@old.example, type: work, primary: true}"],
      ["    - {value: alice@new.example, type: work, primary: true}"])
    expect(
      "User/alice", [change("emails[type eq \"home\"]", nil, ["value": "alice@home.example", "type": "home"])],
      ["    - {value: alice@home.example, type: home}"], [])
    expect(
      "User/alice",
      [change("emails[type eq \"other\"]", ["value": "o@example.com", "type": "other", "primary": false], nil)], [],
      ["    - {value: o@example.com, type: other}"])
    expect(
      "User/alice",
      [
        change(
          "emails",
          [["value": "alice@home.example", "type": "home"], ["value": "third@example.com", "primary": true]],
          [
            ["value": "alice@old.example", "type": "work", "primary": true],
            ["value": "alice@home.example", "type": "home"],
          ])
      ], ["    - {value: alice@old.example, type: work, primary: true}"],
      ["    - {value: third@example.com, primary: true}"])
  }

  @Test func members() {
    expect("Group/admins", [change("members", ["carol"], ["alice"])], ["    - alice  # on call"], ["    - carol"])
    expect(
      "Group/everybody", [change("members", ["alice"], nil)],
      ["  members: {refs: [{group: admins}], selector: {matchLabels: {team: a}}}"],
      ["  members: {refs: [{group: admins}, {user: alice}], selector: {matchLabels: {team: a}}}"])
  }

  @Test(arguments: [
    ("User/alice", "nickName", "Ally", "its value has a variable in it", 13),
    ("User/alice", "locale", "de", "its value has the anchor &locale, which others may name", 14),
    ("User/alice", "preferredLanguage", "de", "it is the alias *locale: change the value that has the anchor", 15),
    (
      "User/alice", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "zoe",
      "it leads to zoe there, which no manifest describes", 2
    ),
    ("User/carol", "active", "x", "`active` follows the lifecycle", 30),
    ("User/carol", "displayName", "x", "`displayName` is not written in this document", 29),
  ])
  func whatHasNoPlaceOfItsOwnIsLeft(key: String, path: String, live: String, reason: String, line: Int) {
    let result = written([(key, [change(path, .string(live), "x")])])
    #expect(result.text == Self.manifests)
    #expect(result.left.map(\.reason) == [reason])
    #expect(result.left.map(\.location?.line) == [line])
  }

  @Test func membersThatHaveNoPlaceAreLeftAndTheOthersAreWritten() {
    let result = written([
      ("Group/admins", [change("members", ["stranger", "Group/everybody"], ["alice"])]),
      ("Group/everybody", [change("members", nil, ["carol"])]),
    ])
    #expect(result.text.contains("    - bob\n    - {group: everybody}\n"))
    #expect(!result.text.contains("- alice"))
    #expect(
      result.left.map(\.reason) == [
        "stranger is a member there, and no manifest describes that one", "carol is a member by the selector",
      ])
  }

  @Test func whatTheManifestChangedToo() {
    let result = written([
      ("User/alice", [change("title", "x", "y", .both), change("userName", "z", "alice", .manifest)])
    ])
    #expect(result.text == Self.manifests)
    #expect(result.left.map(\.reason) == ["the manifest has changed as well: decide which of the two holds"])
  }

  @Test func whatComesOfAMappingIsLeft() throws {
    let rule = AttributeMapping(
      to: try AttributePath(parsing: "title"), from: .constant("x"),
      location: Reconciliation.SourceLocation(file: "e.yaml", line: 7))
    let result = written([("User/alice", [change("title", "y", "x")])], mapping: [rule])
    #expect(result.text == Self.manifests)
    #expect(result.left.map(\.location?.description) == ["e.yaml:7:1"])
  }
}
