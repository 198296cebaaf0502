import JSON
import SCIM
import SeededRandom
import Testing

@testable import Reconciliation

@Suite struct MappingTests {
  private func path(_ text: String) throws -> AttributePath { try AttributePath(parsing: text) }

  private func mapper(_ mapping: AttributeMapping...) throws -> AttributeMapper {
    let type = try #require(SchemaCatalog.standard.resourceType("User"))
    return AttributeMapper(TypeRules(type, catalog: .standard), mapping)
  }

  @Test func aTableTranslatesValues() throws {
    let table: [String: JSONValue] = ["P": "Platform", "1": "one"]
    let rule = AttributeMapping(to: try path("userType"), from: .attribute(try path("title")), table: table)
    #expect(try mapper(rule).apply(to: ["title": "P"], roles: [])["userType"] == "Platform")
    #expect(try mapper(rule).apply(to: ["title": "X", "userType": "kept"], roles: [])["userType"] == "kept")
    #expect(try mapper(rule).unmappedValues(of: rule, from: ["title": "X"], roles: []) == ["X"])
    var excused = rule
    excused.fallback = "other"
    #expect(try mapper(excused).apply(to: ["title": "X"], roles: [])["userType"] == "other")
    #expect(try mapper(excused).unmappedValues(of: excused, from: ["title": "X"], roles: []).isEmpty)
  }

  @Test func valuesAreJoinedIntoOneText() throws {
    let rule = AttributeMapping(
      to: try path("title"), from: .attribute(try path("emails.value")), separator: "; ", lowercased: true)
    let emails: JSONObject = ["emails": [["value": "A@x.example"], ["type": "home"], ["value": "b@x.example"]]]
    #expect(try mapper(rule).apply(to: emails, roles: [])["title"] == "a@x.example; b@x.example")
    #expect(try mapper(rule).apply(to: [:], roles: [])["title"] == nil)
  }

  @Test func theFirstAttributeWithAValueIsTaken() throws {
    let rule = AttributeMapping(
      to: try path("userName"), from: .firstOf([try path("emails[type eq \"work\"].value"), try path("emails.value")]))
    let both: JSONObject = ["emails": [["value": "h", "type": "home"], ["value": "w", "type": "work"]]]
    #expect(try mapper(rule).apply(to: both, roles: [])["userName"] == "w")
    #expect(try mapper(rule).apply(to: ["emails": [["value": "h"]]], roles: [])["userName"] == "h")
    #expect(try mapper(rule).apply(to: ["userName": "u"], roles: [])["userName"] == "u")
  }

  @Test func bareValuesBecomeElements() throws {
    let rule = AttributeMapping(to: try path("entitlements"), from: .attribute(try path("title")))
    #expect(try mapper(rule).apply(to: ["title": "Dr"], roles: [])["entitlements"] == [["value": "Dr"]])
  }

  @Test func importingTurnsTheMappingRound() throws {
    let mapper = try mapper(
      AttributeMapping(
        to: try path("userName"), from: .template([.attribute(try path("externalId")), .text("@x.example")])),
      AttributeMapping(to: try path("displayName"), from: .attribute(try path("name.formatted"))),
      AttributeMapping(to: try path("userType"), from: .attribute(try path("title")), table: ["P": "Platform"]),
      AttributeMapping(to: try path("entitlements"), from: .constant([["value": "basic"]])))
    let live: JSONObject = [
      "userName": "e1@x.example", "displayName": "Ann A", "userType": "Platform", "entitlements": [["value": "basic"]],
    ]
    let (attributes, differing) = mapper.inverse(of: live, roles: [])
    #expect(
      attributes == [
        "userName": "e1@x.example", "externalId": "e1", "name": ["formatted": "Ann A"], "title": "P",
      ])
    #expect(differing.isEmpty)
  }

  @Test func whatCannotBeTurnedRoundIsSaid() throws {
    let mapper = try mapper(AttributeMapping(to: try path("userType"), from: .constant("Employee")))
    let (attributes, differing) = mapper.inverse(of: ["userName": "a", "userType": "Guest"], roles: [])
    #expect(attributes == ["userName": "a"])
    #expect(differing == [try path("userType")])
  }

  @Test func rolesWrittenIntoUsersComeBackAsRoles() throws {
    var declaration = EndpointDeclaration(name: "remote", driver: .scim2)
    declaration.mapping = [AttributeMapping(to: try path("roles"), from: .roles)]
    let users = [
      Resource(["id": "1", "userName": "a", "roles": [["value": "admin"]]]), Resource(["id": "2", "userName": "b"]),
    ]
    let inverse = MappingInverse(of: declaration, catalog: .standard).resources(of: ["User": users])
    #expect(
      inverse.listings["User"]?.map(\.attributes) == [["id": "1", "userName": "a"], ["id": "2", "userName": "b"]])
    #expect(inverse.listings["Role"]?.map { $0["displayName"] } == ["admin"])
    #expect(inverse.listings["Role"]?.first?["users"] == [["value": "1"]])
    #expect(inverse.differences.isEmpty)
  }

  /// What a rule made of any manifest, turned round and mapped again, is the same; of several rules, unless a difference
  /// is told, for one may write what another reads.
  @Test(arguments: 0..<400 as Range<UInt64>)
  func mappingTheInverseGivesTheSame(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let type = try #require(SchemaCatalog.standard.resourceType("User"))
    let count = seed.isMultiple(of: 2) ? 1 : Int.random(in: 2...4, using: &generator)
    let rules = try Self.rules(path).shuffled(using: &generator).prefix(count)
    let mapper = AttributeMapper(TypeRules(type, catalog: .standard), Array(rules))
    let live = mapper.apply(to: Self.user(&generator), roles: [])
    let (attributes, differing) = mapper.inverse(of: live, roles: [])
    if count == 1 { #expect(differing.isEmpty) }
    let again = mapper.apply(to: attributes, roles: [])
    for target in rules.map(\.target) where !differing.contains(target) {
      let (before, after) = (mapper.values(at: target, in: live), mapper.values(at: target, in: again))
      #expect(Set(before) == Set(after), "\(target.description): \(live) \(attributes)")
    }
  }

  private static func rules(_ path: (String) throws -> AttributePath) throws -> [AttributeMapping] {
    [
      AttributeMapping(to: try path("displayName"), from: .attribute(try path("nickName"))),
      AttributeMapping(to: try path("nickName"), from: .attribute(try path("displayName"))),
      AttributeMapping(
        to: try path("userName"), from: .template([.text("u-"), .attribute(try path("externalId"))]), lowercased: true),
      AttributeMapping(to: try path("userType"), from: .attribute(try path("title")), table: ["a": "B", "b": "A"]),
      AttributeMapping(
        to: try path("title"), from: .attribute(try path("emails.value")), separator: ",", fallback: "none"),
      AttributeMapping(
        to: try path("preferredLanguage"), from: .firstOf([try path("locale"), try path("nickName")])),
      AttributeMapping(
        to: try path("emails[type eq \"work\"].value"), from: .attribute(try path("externalId"))),
      AttributeMapping(to: try path("\(enterprise):department"), from: .attribute(try path("userType"))),
      AttributeMapping(to: try path("entitlements"), from: .constant([["value": "basic"]])),
    ]
  }

  private static func user(_ generator: inout SplitMix64) -> JSONObject {
    var user: JSONObject = ["userName": "u"]
    for name in ["displayName", "nickName", "externalId", "title", "userType", "locale", "preferredLanguage"]
    where Bool.random(using: &generator) {
      user[name] = .string(["a", "b", "A", "x,y"].randomElement(using: &generator) ?? "a")
    }
    let types = ["work", "home", "other"].shuffled(using: &generator).prefix(Int.random(in: 0...3, using: &generator))
    if !types.isEmpty { user["emails"] = .array(types.map { ["value": .string("\($0)@x"), "type": .string($0)] }) }
    return user
  }
}
