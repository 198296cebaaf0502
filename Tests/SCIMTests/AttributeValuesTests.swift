import JSON
import SCIM
import Testing

@Suite struct AttributeValuesTests {
  private func user(_ name: String) throws -> Attribute {
    try #require(SchemaCatalog.standard.schema(SchemaURN.user)?.attribute(name))
  }

  private func members() throws -> Attribute {
    try #require(SchemaCatalog.standard.schema(SchemaURN.group)?.attribute("members"))
  }

  @Test func unassignedIsUnassigned() throws {
    let emails = try user("emails")
    let forms: [JSONValue?] = [nil, .null, [], [.null], [[:]]]
    for a in forms { for b in forms { #expect(AttributeValues.areEqual(a, b, attribute: emails)) } }
    #expect(!AttributeValues.areEqual(nil, [["value": "a@example.com"]], attribute: emails))
    #expect(try !AttributeValues.areEqual(nil, "", attribute: user("title")))
    #expect(try !AttributeValues.areEqual(nil, false, attribute: user("active")))
  }

  @Test func caseCountsWhereTheSchemaSaysSo() throws {
    #expect(try AttributeValues.areEqual("BJensen", "bjensen", attribute: user("userName")))
    let externalId = try #require(Schema.common.attribute("externalId"))
    #expect(!AttributeValues.areEqual("A", "a", attribute: externalId))
    #expect(try !AttributeValues.areEqual([["value": "AbC"]], [["value": "aBc"]], attribute: members()))
  }

  @Test func languageTagsHaveTwoSpellings() throws {
    #expect(try AttributeValues.areEqual("en-US", "en_US", attribute: user("locale")))
    #expect(try !AttributeValues.areEqual("en-US", "en-GB", attribute: user("preferredLanguage")))
    #expect(try !AttributeValues.areEqual("a-b", "a_b", attribute: user("title")))
  }

  @Test func datesAreInstants() throws {
    let created = try #require(Schema.common.attribute("meta")?.subAttribute("created"))
    #expect(AttributeValues.areEqual("2026-01-05T08:00:00Z", "2026-01-05T09:00:00.000+01:00", attribute: created))
    #expect(!AttributeValues.areEqual("2026-01-05T08:00:00Z", "2026-01-05T08:00:01Z", attribute: created))
  }

  @Test func valuesAreSetsAndDefaultsAreNothing() throws {
    let emails = try user("emails")
    let a: JSONValue = [["value": "a@example.com", "type": "work", "primary": "True"], ["value": "b@example.com"]]
    let b: JSONValue = [
      ["value": "B@example.com", "primary": false, "type": .null],
      ["type": "work", "value": "a@example.com", "primary": true],
    ]
    #expect(AttributeValues.areEqual(a, b, attribute: emails))
    #expect(!AttributeValues.areEqual(a, [["value": "b@example.com"]], attribute: emails))
    #expect(AttributeValues.areEqual(["b@example.com"], ["value": "b@example.com"], attribute: emails))
  }

  @Test func referencesAreTheirIdentifiers() throws {
    let computed: JSONValue = [
      ["value": "1", "display": "One", "$ref": "../Users/1", "type": "User"], ["value": "2", "display": "Two"],
    ]
    #expect(try AttributeValues.areEqual([["value": "2"], ["value": "1"]], computed, attribute: members()))
    let manager = try #require(SchemaCatalog.standard.schema(SchemaURN.enterpriseUser)?.attribute("manager"))
    #expect(AttributeValues.areEqual("26118915", ["value": "26118915", "displayName": "X"], attribute: manager))
  }

  @Test func fiftyThousandMembersInAnotherOrder() throws {
    let one = (0..<50_000).map { JSONValue.object(["value": .string("user-\($0)")]) }
    var other = Array(one.reversed())
    #expect(try AttributeValues.areEqual(.array(one), .array(other), attribute: members()))
    other[0] = ["value": "stranger"]
    #expect(try !AttributeValues.areEqual(.array(one), .array(other), attribute: members()))
  }
}
