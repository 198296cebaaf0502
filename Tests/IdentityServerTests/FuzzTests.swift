import JSON
import NIOHTTP1
import SCIM
import SeededRandom
import Testing

/// Whatever is sent, the server answers for it: never a 5xx, always SCIM.
struct FuzzTests {
  @Test(arguments: 1...4)
  func nothingSentBringsA500(_ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    try await withServer { server in
      var ids = ["4711"]
      for _ in 1...150 {
        let url = server.base + path(ids, &random)
        let method = [HTTPMethod.GET, .POST, .PUT, .PATCH, .DELETE].randomElement(using: &random) ?? .GET
        let body = method == .GET || method == .DELETE ? nil : random.damaged(Self.bodies)
        let answer = try await server.send(
          method, url: url, bytes: body,
          headers: ["Authorization": "Bearer \(ServerFixture.token)", "Content-Type": "application/scim+json"])
        let sent = String(decoding: body ?? [], as: UTF8.self)
        // 501 says what is not done here, to whoever asks for it by name.
        #expect(answer.status < 500 || answer.status == 501, "\(method) \(url) \(sent)")
        if answer.status >= 400 {
          #expect(answer.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"], "\(method) \(url) \(sent)")
        }
        if answer.status == 201 { ids.append(answer.id) }
      }
    }
  }

  private func path(_ ids: [String], _ random: inout SplitMix64) -> String {
    let roots =
      SchemaCatalog.standard.resourceTypes.map(\.endpoint) + [
        "/Schemas", "/ResourceTypes", "/Me", "/Nothing", "//", "/%00", "", "/Bulk", "/.search", "/Bulk",
      ]
    let tails = ["", "/", "/.search", "/%ff", "/a%2fb", "/x/y"] + ids.suffix(8).map { "/\($0)" }
    let queries = [
      "", "?", "?filter=", "?filter=userName+eq+%22a", "?filter=emails%5Btype+eq+%22work%22%5D", "?filter=not+(id+pr)",
      "?filter=a+and+b", "?count=99999999999999999999", "?startIndex=9223372036854775807&count=9223372036854775807",
      "?sortBy=emails.value&sortOrder=descending", "?attributes=,,urn:x:y,a.b.c", "?excludedAttributes=id,%5B", "?%=%",
      "?sortBy=members.value", "?filter=meta.lastModified+gt+%22now%22",
      "?filter=" + String(repeating: "(", count: 300), "?cursor", "?cursor&count=1&sortBy=meta.created",
      "?cursor=AAAA&count=1", "?cursor=" + String(repeating: "A", count: 80), "?cursor=%ff&startIndex=1",
      "?cursor&filter=meta.resourceType+eq+%22User%22+or+members+pr&count=-1", "?filter=password+sw+%22a%22",
      "?attributes=members.display,groups.$ref&excludedAttributes=urn:ietf:params:scim:schemas:core:2.0:User:id",
    ]
    return (roots.randomElement(using: &random) ?? "") + (tails.randomElement(using: &random) ?? "")
      + (queries.randomElement(using: &random) ?? "")
  }

  private static let bodies = [
    #"{"userName":"ann","emails":[{"value":"a@example.com","type":"work","primary":true}],"password":"secret"}"#,
    #"{"userName":7,"name":"x","emails":{"value":[]},"active":"perhaps","meta":1,"id":null,"schemas":"x"}"#,
    #"{"displayName":"pilots","members":[{"value":"4711"},{"value":4711},"x",null,[]]}"#,
    #"{"displayName":"role","users":[{"value":"4711","$ref":7}],"groups":{},"permissions":[1]}"#,
    #"{"name":"idp","displayName":"idp","federatedAuthenticators":[{}]}"#,
    #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Add","path":"emails[type eq \"work\"].value","value":"x"}]}"#,
    #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"1\"]"},{"op":"replace","value":{"userName":null}}]}"#,
    #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"password","value":""},{"op":"replace","path":"id","value":1}]}"#,
    #"{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"filter":"userName pr","count":-1,"startIndex":0,"attributes":[1]}"#,
    #"{"failOnErrors":3,"Operations":[{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"g","members":[{"value":"bulkId:u"},{"value":"bulkId:g"}]}},{"method":"post","path":"/Users","bulkId":"u","data":{"userName":"u","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":"bulkId:u"}}},{"method":"DELETE","path":"/Users/bulkId:u","version":"*"}]}"#,
    #"{"failOnErrors":"x","Operations":[{"method":"PATCH","path":"/Users/../Bulk","data":{"Operations":[{}]}},{"method":"PUT","path":"/","bulkId":7,"data":{}},{"method":"DELETE","path":"/Me"}]}"#,
    #"{"schemas":[],"cursor":"","count":1,"sortBy":"emails[primary eq true].value","excludedAttributes":["members"]}"#,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{}", "null", "",
  ]
}
