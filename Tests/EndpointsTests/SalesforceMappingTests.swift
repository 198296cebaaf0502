import JSON
import SCIM
import SeededRandom
import Testing

@testable import Endpoints

@Suite struct SalesforceMappingTests {
  private let mapping = UserMapping(known: Set(UserField.all.map(\.name)))

  // MARK: There and back

  @Test func usersComeBackAsTheyWere() {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<500 {
      let user = randomUser(&generator)
      #expect(mapping.resource(mapping.record(user)) == user)
    }
  }

  @Test func recordsComeBackAsTheyWere() {
    var generator = SplitMix64(seed: 12)
    for _ in 0..<500 {
      var record: JSONObject = ["Id": "005A"]
      for field in mapping.fields where Bool.random(using: &generator) { record[field.name] = value(field, &generator) }
      let back = mapping.record(mapping.resource(record))
      let told = JSONObject(uniqueMembers: back.members.filter { !$0.value.isNull })
      record["Id"] = nil
      #expect(told == record)
    }
  }

  /// A change says what two records differ in, and makes the one the other.
  @Test func aChangeMakesOneUserAnother() {
    var generator = SplitMix64(seed: 13)
    for _ in 0..<300 {
      let (before, after) = (randomUser(&generator), randomUser(&generator))
      var record = mapping.record(before)
      for member in mapping.difference(from: before, to: after) { record[member.key] = member.value }
      #expect(mapping.resource(record) == after)
      #expect(mapping.difference(from: after, to: after).isEmpty)
    }
  }

  /// What the diff sends as operations is what the two records differ in.
  @Test func operationsSayWhatADifferenceSays() throws {
    var generator = SplitMix64(seed: 14)
    for _ in 0..<300 {
      let (before, after) = (randomUser(&generator), randomUser(&generator))
      let operations = mapping.attributes.map { path -> PatchOperation in
        let value = path.schema.map { after[$0]?[path.attribute] } ?? after[path.attribute]
        return value.map { PatchOperation(.replace, path, value: $0) } ?? PatchOperation(.remove, path)
      }
      let change = try #require(try mapping.change(operations))
      var record = mapping.record(before)
      for member in change.record { record[member.key] = member.value }
      // Parts that a replacement of a complex attribute does not state stay as they are.
      for name in ["FirstName", "MiddleName", "LastName", "Suffix"] where record[name] != nil {
        if mapping.record(after)[name] == nil { record[name] = nil }
      }
      #expect(mapping.resource(record) == after)
    }
  }

  private func randomUser(_ generator: inout SplitMix64) -> JSONObject {
    var record: JSONObject = [:]
    for field in mapping.fields where Bool.random(using: &generator) { record[field.name] = value(field, &generator) }
    return mapping.resource(record)
  }

  private func value(_ field: UserField, _ generator: inout SplitMix64) -> JSONValue {
    switch field.form {
    case .flag: .bool(Bool.random(using: &generator))
    case .languageTag: .string(["en_US", "de", "nb_NO"].randomElement(using: &generator) ?? "de")
    case .text, .name: .string(Self.text(&generator))
    }
  }

  private static let scalars = Array("aZ0 '\"\\\n\r\t\u{8}\u{c}\u{0}\u{1F}\u{7F}%_øé漢🙂'; OR ".unicodeScalars)

  private static func text(_ generator: inout SplitMix64) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 1...12, using: &generator) {
      text.append(scalars.randomElement(using: &generator) ?? "x")
    }
    return String(text)
  }

  // MARK: Queries

  /// Whatever a value holds, a query reads back as the one condition that was meant.
  @Test func valuesDoNotLeaveTheirLiterals() throws {
    var generator = SplitMix64(seed: 15)
    let attempts = ["' OR Name != '", "\\' OR Id != '", "\\", "'", "a\\'b", "\u{2019}", "') OR (Id = 'x"]
    for text in attempts + (0..<2_000).map({ _ in Self.text(&generator) }) {
      let query = SOQL(["Id"], from: "User", where: [.equals("Username", text), .flag("IsActive", true)])
      let read = try SOQLReader.read(query.text)
      #expect(
        read
          == SOQLReader.Query(
            fields: ["Id"], object: "User",
            conditions: [
              .init(field: "Username", value: .string(text)), .init(field: "IsActive", value: true),
            ]))
    }
  }

  // MARK: Limits and names

  @Test func thereIsRoomForOneElementOfEachType() {
    let user: JSONObject = [
      "emails": [["value": "h@x", "type": "home"], ["value": "w@x", "type": "work"]],
      "phoneNumbers": [["value": "1"], ["value": "2", "type": "pager"], ["value": "3", "type": "mobile"]],
    ]
    let record = mapping.record(user)
    #expect(record["Email"] == "w@x")
    #expect(record["Phone"] == "1" && record["MobilePhone"] == "3" && record["Fax"] == .null)
  }

  @Test(arguments: [("Order entry (EMEA)", "Order_entry_EMEA"), ("7 wonders", "X_7_wonders"), ("漢", "X")])
  func namesForPrograms(label: String, name: String) { #expect(Membership.developerName(label) == name) }

  @Test func membersByOneChange() throws {
    let filter = Filter.compare(AttributePath("value"), .equal, .string("b"))
    let changes = try MembershipChanges(
      [
        PatchOperation(.add, AttributePath("members"), value: [["value": "a"], ["value": "b"]]),
        PatchOperation(.remove, AttributePath("members", valueFilter: filter)),
        PatchOperation(.replace, AttributePath("displayName"), value: "crew"),
      ], of: .publicGroups)
    #expect(changes.added == ["a"] && changes.removed == ["b"] && changes.displayName == "crew")
    #expect(throws: EndpointError.self) {
      try MembershipChanges([PatchOperation(.add, AttributePath("title"), value: "x")], of: .publicGroups)
    }
  }
}
