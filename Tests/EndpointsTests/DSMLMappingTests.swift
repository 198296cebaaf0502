import JSON
import Reconciliation
import SCIM
import SeededRandom
import Testing
import XML

@testable import Endpoints

/// The mapping between SCIM resources and DSML attributes, without any provider.
@Suite struct DSMLMappingTests {
  private let users: ResourceType
  private let groups: ResourceType

  init() throws {
    users = try Fixtures.type("User")
    groups = try Fixtures.type("Group")
  }

  /// What goes there comes back as it was, whatever the class calls its attributes.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func whatGoesThereComesBack(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let mapping = randomMapping(&random)
    let resource = randomUser(&random, mapping)
    let attributes = try mapping.attributes(of: resource)
    #expect(attributes["objectclass"] == ["person"])
    let back = mapping.resource(PSOIdentifier("7"), attributes)
    #expect(back.id == "7")
    #expect(canonical(back.attributes, without: "id") == canonical(resource))
  }

  /// What is changed as the modifications say is what it should be, and nothing is said of what is equal.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func modificationsLeadThere(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let mapping = randomMapping(&random)
    let before = try mapping.attributes(of: randomUser(&random, mapping))
    let after = try mapping.attributes(of: randomUser(&random, mapping))
    let changes = mapping.modifications(from: before, to: after)
    #expect(Set(changes.map(\.name)).count == changes.count)
    let changed = applying(changes, to: before)
    for entry in mapping.entries { #expect(Set(changed[entry.name]) == Set(after[entry.name])) }
    #expect(mapping.modifications(from: after, to: after).isEmpty)
  }

  /// An operation that is said without the object means what it means with it.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func operationsMeanTheSameWithoutTheObject(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let mapping = randomMapping(&random)
    let before = randomUser(&random, mapping)
    let wanted = randomUser(&random, mapping)
    let operations = wanted.members.filter { $0.key != "userName" && !$0.key.hasPrefix("urn:") }.map {
      PatchOperation(.replace, AttributePath($0.key), value: $0.value)
    }
    guard let changes = try mapping.modifications(by: operations, of: users) else { return }
    let catalog = SchemaCatalog.standard
    let patched = try ResourcePatcher(type: users, catalog: catalog).applying(operations, to: before)
    let changed = applying(changes, to: try mapping.attributes(of: before))
    for entry in mapping.entries {
      #expect(Set(changed[entry.name]) == Set(try mapping.attributes(of: patched)[entry.name]), "\(entry.name)")
    }
  }

  @Test func namesAreTakenInTheOrderOfPreference() {
    let named = DSMLMapping(SPMLTarget.ObjectClass(name: "a", attributes: ["UID", "cn", "Mail"]), DSMLField.ofUsers)
    #expect(named.name(of: AttributePath("userName"), in: users) == "uid")
    #expect(named.name(of: AttributePath("displayName"), in: users) == nil)
    #expect(named.name(of: AttributePath("emails", sub: "value"), in: users) == "mail")
    #expect(named.name(of: AttributePath("emails"), in: users) == "mail")
    // WSO2's connector has names of its own.
    let wso2 = DSMLMapping(
      SPMLTarget.ObjectClass(name: "a", attributes: ["accountId", "email", "credentials"]),
      DSMLField.ofUsers + [.password])
    #expect(wso2.entries.map(\.name) == ["accountId", "email", "credentials"])
    let unsaid = DSMLMapping(SPMLTarget.ObjectClass(name: "a"), DSMLField.ofUsers)
    #expect(unsaid.entries.count == DSMLField.ofUsers.count)
    #expect(unsaid.name(of: AttributePath("phoneNumbers"), in: users) == nil)
    #expect(
      unsaid.name(of: AttributePath(schema: SchemaURN.enterpriseUser, "department"), in: users) == "departmentNumber")
  }

  @Test func membersComeAndGoOneByOne() throws {
    let mapping = DSMLMapping(SPMLTarget.ObjectClass(name: "group"), DSMLField.ofGroups)
    let before = try mapping.attributes(of: ["displayName": "x", "members": [["value": "1"], ["value": "2"]]])
    let after = try mapping.attributes(of: ["displayName": "x", "members": [["value": "2"], ["value": "3"]]])
    #expect(
      mapping.modifications(from: before, to: after)
        == [DSMLModification(.add, "member", ["3"]), DSMLModification(.delete, "member", ["1"])])
    let removals = ["1", "2"].map { id in
      PatchOperation(
        .remove, AttributePath("members", valueFilter: .compare(AttributePath("value"), .equal, .string(id))))
    }
    let addition = PatchOperation(.add, AttributePath("members"), value: [["value": "3"], ["value": "4"]])
    #expect(
      try mapping.modifications(by: [addition] + removals, of: groups)
        == [DSMLModification(.add, "member", ["3", "4"]), DSMLModification(.delete, "member", ["1", "2"])])
  }

  @Test func whatHasNoRoomIsRefused() {
    let mapping = DSMLMapping(SPMLTarget.ObjectClass(name: "a"), DSMLField.ofUsers)
    let two: JSONObject = ["addresses": [["locality": "Oslo"], ["locality": "Bergen"]]]
    #expect(throws: EndpointError(.rejected, "the target has room for one of `addresses` only")) {
      try mapping.attributes(of: two)
    }
    #expect(throws: EndpointError.self) { try mapping.attributes(of: ["title": ["a": "b"]]) }
    let other: JSONObject = ["phoneNumbers": [["value": "1", "type": "satellite"]]]
    #expect(throws: EndpointError(.rejected, "the target has no attribute for `phoneNumbers` of the type 'satellite'"))
    {
      try mapping.attributes(of: other)
    }
  }

  @Test(arguments: [
    PSOIdentifier("a"), PSOIdentifier(""), PSOIdentifier("pso:a"), PSOIdentifier("uid=a,ou=b/c"),
    PSOIdentifier("a", in: ["b"]), PSOIdentifier("é/%2F", in: ["b/c", "pso:d"]), PSOIdentifier("", in: [""]),
  ])
  func identifiersSurvive(_ identifier: PSOIdentifier) throws {
    #expect(PSOIdentifier(text: identifier.text) == identifier)
    var writer = XMLWriter()
    writer.elementDeclaring("a", [SPMLNamespace.core]) { identifier.write(as: "spml:psoID", target: "t", to: &$0) }
    let element = try MessageElement(parsing: Array(writer.text.utf8), charset: nil)
    #expect(element["psoID"].flatMap { PSOIdentifier($0) } == identifier)
  }

  // MARK: Samples

  private func randomMapping(_ random: inout SplitMix64) -> DSMLMapping {
    let all = Set((DSMLField.ofUsers + [.active]).compactMap { $0.names.randomElement(using: &random) })
    var names = all.sorted().filter { _ in Int.random(in: 0...3, using: &random) > 0 }
    if !names.contains("uid") { names.append("uid") }
    return DSMLMapping(
      SPMLTarget.ObjectClass(name: "person", attributes: names.shuffled(using: &random)), DSMLField.ofUsers + [.active])
  }

  /// A user with what the mapping has room for.
  private func randomUser(_ random: inout SplitMix64, _ mapping: DSMLMapping) -> JSONObject {
    var attributes = DSMLAttributes()
    for entry in mapping.entries where entry.name == "uid" || Bool.random(using: &random) {
      let count = entry.field.isRepeated ? Int.random(in: 1...3, using: &random) : 1
      attributes[entry.name] = (0..<count).map { index in
        entry.field.form == .boolean ? "true" : "\(entry.name) \(index) \(Int.random(in: 0...3, using: &random)) <é>"
      }
    }
    var user = mapping.resource(PSOIdentifier("x"), attributes).attributes
    user["id"] = nil
    return user
  }

  private func applying(_ changes: [DSMLModification], to attributes: DSMLAttributes) -> DSMLAttributes {
    var attributes = attributes
    for change in changes {
      switch change.operation {
      case .replace: attributes[change.name] = change.values
      case .add: attributes[change.name] += change.values
      case .delete where change.values.isEmpty: attributes[change.name] = []
      case .delete: attributes[change.name].removeAll(where: change.values.contains)
      }
    }
    return attributes
  }

  private func canonical(_ object: JSONObject, without name: String = "") -> [UInt8] {
    JSONValue.object(JSONObject(uniqueMembers: object.members.filter { $0.key != name })).canonical()
  }
}
