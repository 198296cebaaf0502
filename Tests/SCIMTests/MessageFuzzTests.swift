import JSON
import SCIM
import SeededRandom
import Testing

/// Bodies that are almost right: each is read, or refused with status 400.
struct MessageFuzzTests {
  private static let bodies = [
    #"{"Operations":[{"op":"Add","path":"emails[type eq \"work\"].value","value":"x"},{"op":"remove","path":"members"}]}"#,
    #"{"Operations":[{"op":"replace","value":{"name.givenName":"x","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager":{"value":"1"}}}]}"#,
    #"{"failOnErrors":1,"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"value":"bulkId:a"}},{"method":"DELETE","path":"/Users/1","version":"W/\"1\""}]}"#,
    #"{"filter":"userName sw \"a\" and not (emails[type eq \"work\"] or x pr)","sortBy":"name.familyName","sortOrder":"descending","attributes":["id"],"count":1,"cursor":""}"#,
    #"{"bulk":{"supported":true,"maxOperations":1},"pagination":{"cursor":true,"index":true,"defaultPageSize":1}}"#,
  ]
  private static let values: [JSONValue] = [
    nil, true, "True", -1, .number(JSONNumber(validLiteral: "1e400")), "", "[", "bulkId:", "members[value eq ", [],
    [[]],
    [:], ["value": nil], ["op": ["op": "add"]], "urn:", "a.b.c",
  ]

  @Test(arguments: 0..<60 as Range<UInt64>)
  func neverSurprises(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let patcher = ResourcePatcher(type: try #require(SchemaCatalog.standard.resourceType("User")), catalog: .standard)
    for text in Self.bodies {
      for _ in 0..<40 {
        guard let body = mutated(.object(try object(text)), &random).object else { continue }
        _ = Capabilities(serviceProviderConfig: body, catalog: .standard)
        read { () throws(SCIMError) in
          let request = try PatchRequest(body)
          let start: JSONObject = ["userName": "a", "emails": [["value": "x", "type": "work", "primary": true]]]
          _ = try patcher.applying(request.operations, to: start)
        }
        read { () throws(SCIMError) in _ = try SearchRequest(body) }
        read { () throws(SCIMError) in
          let bulk = try BulkRequest(body)
          for data in bulk.operations.compactMap(\.data) {
            let names = BulkReferences.named(in: .object(data))
            let ids = Dictionary(uniqueKeysWithValues: names.map { ($0, "4711") })
            #expect(BulkReferences.named(in: BulkReferences.resolved(.object(data), ids)).isEmpty)
          }
        }
      }
    }
  }

  private func read(_ message: () throws(SCIMError) -> Void) {
    do { try message() } catch { #expect(error.status == 400) }
  }

  /// The value with some of what it holds dropped, doubled or replaced.
  private func mutated(_ value: JSONValue, _ random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<24, using: &random) {
    case 0: return Self.values.randomElement(using: &random) ?? nil
    case 1: return [value]
    default: break
    }
    switch value {
    case .object(let object):
      return .object(
        JSONObject(
          uniqueMembers: object.members.compactMap { member in
            guard Int.random(in: 0..<20, using: &random) > 0 else { return nil }
            let key = Int.random(in: 0..<20, using: &random) == 0 ? member.key.uppercased() : member.key
            return .init(key: key, value: mutated(member.value, &random))
          }))
    case .array(let elements): return .array(elements.map { mutated($0, &random) })
    case .string(let text) where Int.random(in: 0..<6, using: &random) == 0:
      return .string(String(text.dropFirst(Int.random(in: 0...text.count, using: &random))))
    default: return value
    }
  }
}
