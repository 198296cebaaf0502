import JSON
import NIOHTTP1
import SeededRandom
import Testing

/// Whatever is sent to the SCIM 1.1 service, it answers for it: never a 5xx, always in its own words.
struct SCIM1FuzzTests {
  @Test(arguments: 1...4)
  func nothingSentBringsA500(_ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    try await withServer { server in
      var ids = ["null"]
      for _ in 1...150 {
        let url = server.base1 + path(ids, &random)
        let method = [HTTPMethod.GET, .POST, .PUT, .PATCH, .DELETE].randomElement(using: &random) ?? .GET
        let body = method == .GET || method == .DELETE ? nil : random.damaged(Self.bodies)
        let answer = try await server.send(
          method, url: url, bytes: body,
          headers: ["Authorization": "Bearer \(ServerFixture.token)", "Content-Type": "application/json"])
        let sent = String(decoding: body ?? [], as: UTF8.self)
        #expect(answer.status < 500, "\(method) \(url) \(sent)")
        if answer.status >= 400 {
          #expect(answer.json["Errors"]?.array?.count == 1, "\(method) \(url) \(sent)")
        }
        if answer.status == 201 { ids.append(answer.id) }
      }
    }
  }

  private func path(_ ids: [String], _ random: inout SplitMix64) -> String {
    let roots = ["/Users", "/Groups", "/Bulk", "/ServiceProviderConfigs", "/Users/me", "/Roles", "//", "/%00"]
    let tails = ["", "/", "/a%2fb", "/x/y"] + ids.suffix(8).map { "/\($0)" }
    let queries = [
      "", "?", "?filter=", "?filter=userName+Eq+a", "?filter=userNameEq", "?filter=displayName+eq+*", "?filter=a+eq+**",
      "?filter=urn:scim:schemas:core:1.0:+eq+x", "?filter=emails%5Btype+eq+%22work%22%5D", "?filter=not+(id+pr)",
      "?count=-1", "?startIndex=9223372036854775807&count=9223372036854775807", "?domain=%2F", "?domain=PRIMARY",
      "?sortBy=emails.value&sortOrder=descending", "?attributes=,,urn:x:y,a.b.c", "?%=%", "?sortBy=members.display",
    ]
    return (roots.randomElement(using: &random) ?? "") + (tails.randomElement(using: &random) ?? "")
      + (queries.randomElement(using: &random) ?? "")
  }

  private static let bodies = [
    #"{"schemas":["urn:scim:schemas:core:1.0"],"userName":"PRIMARY/ann","password":"s","emails":[{"type":"home","value":"a@x.org"}]}"#,
    #"{"userName":"ann","name":{"givenName":"A"},"emails":[{"value":"a@x.org","operation":"delete"},"b@x.org",null,[]],"meta":{}}"#,
    #"{"emails":[{"operation":"delete"}],"phoneNumbers":{"value":"1"},"ims":7,"meta":{"attributes":["title","emails","name.x"]}}"#,
    #"{"meta":{"attributes":[1,null,"urn:scim:schemas:extension:enterprise:1.0","a b"]},"members":[]}"#,
    #"{"displayName":"dev","members":[{"display":"PRIMARY/ann"},{"display":"x","operation":"delete"},{"value":"null"},"x",7]}"#,
    #"{"displayName":"dev","members":{"display":"ann"},"urn:scim:schemas:extension:enterprise:1.0":[]}"#,
    #"{"urn:scim:schemas:extension:enterprise:1.0":{"manager":{"managerId":7}},"groups":[{"value":"x"}]}"#,
    #"{"failOnErrors":1,"Operations":[{"method":"POST","path":"/Users","bulkId":"q","data":{"userName":"bulkId:q"}},{"method":"DELETE","path":"/Users/bulkId:q"}]}"#,
    #"{"Operations":[{"method":"PATCH","path":"/Groups/null","data":{"members":[{"value":"bulkId:z"}]}},{"method":"PUT","path":"/Bulk","data":{}}]}"#,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{}", "null", "",
  ]
}
