import JSON
import SCIM
import SeededRandom
import Testing

@testable import Endpoints

@Suite struct GoogleMappingTests {
  private let users: ResourceType

  init() throws { users = try #require(GoogleCatalog.standard.resourceType("User")) }

  /// What is written is read back the same, however it came to be, and writing it again changes nothing.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func thereAndBack(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let desired = Self.user(&random)
    var google = GoogleUserMapping.body(desired, fields: Set(GoogleUserField.allCases), current: Self.others)
    google = GoogleTestServer.merged(Self.others, google)
    let read = GoogleUserMapping.resource(google).attributes
    for member in desired.members where !["password", "emails"].contains(member.key) {
      #expect(
        Self.isEqual(read[member.key], member.value, in: users, member.key),
        "\(member.key): \(read[member.key]?.text ?? "nothing") for \(member.value.text)")
    }
    let addresses = Set((read["emails"]?.array ?? []).compactMap { $0["value"]?.string })
    #expect(addresses.isSuperset(of: (desired["emails"]?.array ?? []).compactMap { $0["value"]?.string }))
    let again = GoogleUserMapping.body(read, fields: Set(GoogleUserField.allCases), current: google)
    #expect(GoogleUserMapping.resource(GoogleTestServer.merged(google, again)).attributes == read)
  }

  /// What is not ours in a list goes back as it came.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func entriesOfOthersStay(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let body = GoogleUserMapping.body(
      Self.user(&random), fields: Set(GoogleUserField.allCases), current: Self.others)
    for member in Self.others.members {
      for entry in member.value.array ?? [] { #expect(body[member.key]?.array?.contains(entry) == true) }
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func anyAnswerIsReadOrRefused(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let full = GoogleUserMapping.body(
      Self.user(&random), fields: Set(GoogleUserField.allCases), current: Self.others)
    let odd = Self.mutated(.object(full), &random).object ?? [:]
    let read = GoogleUserMapping.resource(odd).attributes
    _ = GoogleUserMapping.body(read, fields: Set(GoogleUserField.allCases), current: odd)
    _ = GoogleGroupMapping.resource(odd, members: [])
    _ = GoogleRoleMapping.resource(odd, users: [], groups: [])
    #expect(read["active"]?.bool != nil)
  }

  private static let others: JSONObject = [
    "externalIds": [["type": "login_id", "value": "l"], ["type": "custom", "customType": "badge", "value": "7"]],
    "relations": [["type": "assistant", "value": "pa@corp.example"]],
    "organizations": [["primary": false, "name": "Choir"]],
    "languages": [["languageCode": "la", "preference": "not_preferred"]],
  ]

  private static func user(_ random: inout SplitMix64) -> JSONObject {
    func word() -> JSONValue { .string(["x", "Æ ø", "a'b", "<&>", "0", "work"].randomElement(using: &random) ?? "x") }
    func maybe(_ value: JSONValue) -> JSONValue? { Bool.random(using: &random) ? value : Optional.none }
    func list(_ types: [String], _ element: (String) -> JSONObject) -> JSONValue? {
      let chosen = types.filter { _ in Bool.random(using: &random) }.map { JSONValue.object(element($0)) }
      return chosen.isEmpty ? Optional.none : .array(chosen)
    }
    var user: JSONObject = ["userName": "ann@corp.example", "name": ["givenName": word(), "familyName": word()]]
    user["active"] = .bool(Bool.random(using: &random))
    for name in ["displayName", "title", "userType", "externalId"] { user[name] = maybe(word()) }
    user["preferredLanguage"] = maybe("en-GB")
    user["emails"] = list(["home", "other", "Lodge"]) { ["value": .string("\($0)@x.example"), "type": .string($0)] }
    user["phoneNumbers"] = list(["work", "home", "mobile", "fax", "pager", "work_fax", "Boat", "custom"]) {
      ["value": .string("+47 \($0)"), "type": .string($0)]
    }
    user["addresses"] = list(["work", "home", "Hytte"]) {
      var address: JSONObject = ["type": .string($0), "locality": word()]
      address["country"] = .string(["NO", "Norway", "no"].randomElement(using: &random) ?? "NO")
      return address
    }
    var enterprise: JSONObject = [:]
    for name in ["employeeNumber", "costCenter", "organization", "department"] { enterprise[name] = maybe(word()) }
    enterprise["manager"] = maybe(["value": "boss@corp.example"])
    if !enterprise.isEmpty { user[SchemaURN.enterpriseUser] = .object(enterprise) }
    return user
  }

  private static func isEqual(_ read: JSONValue?, _ wanted: JSONValue, in type: ResourceType, _ name: String) -> Bool {
    if name == "name" { return ["givenName", "familyName"].allSatisfy { read?[$0] == wanted[$0] } }
    let isExtension = name == SchemaURN.enterpriseUser
    guard let attribute = isExtension ? nil : AttributePath(name).resolve(in: type, catalog: GoogleCatalog.standard)
    else {
      return read == wanted
    }
    return AttributeValues.areEqual(read, wanted, attribute: attribute)
  }

  private static let values: [JSONValue] = [nil, true, -1, "", [], [[]], [:], ["type": []], "custom", [nil]]

  private static func mutated(_ value: JSONValue, _ random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return values.randomElement(using: &random) ?? nil
    case 1: return [value]
    default: break
    }
    switch value {
    case .object(let object): return .object(JSONObject(object.members.map { ($0.key, mutated($0.value, &random)) }))
    case .array(let elements): return .array(elements.map { mutated($0, &random) })
    case .null, .bool, .number, .string: return value
    }
  }
}
