import IdentityServer
import JSON
import NIOHTTP1
import SCIM
import Testing

/// What the service answers to what it cannot do, always as a SCIM error.
struct ErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var method: HTTPMethod
    var path: String
    var body: String?
    var contentType = "application/scim+json"
    var status: Int
    var scimType: String?

    var testDescription: String { "\(method) \(path) \(body ?? "") → \(status)" }
  }

  static let cases: [Case] = [
    Case(method: .GET, path: "/Nothing", status: 404),
    Case(method: .POST, path: "/Me", body: #"{"userName":"ann"}"#, status: 501),
    Case(method: .POST, path: "/", body: "{}", status: 405),
    Case(method: .GET, path: "/Bulk", status: 405),
    Case(method: .GET, path: "/.search", status: 405),
    Case(method: .GET, path: "/Users/4711", status: 404),
    Case(method: .GET, path: "/Users/4711/emails", status: 404),
    Case(method: .GET, path: "/Users/%ff", status: 404),
    Case(method: .DELETE, path: "/Users", status: 405),
    Case(method: .POST, path: "/Users/4711", body: "{}", status: 405),
    Case(method: .POST, path: "/Schemas", body: "{}", status: 405),
    Case(method: .POST, path: "/Users", body: "{", status: 400, scimType: "invalidSyntax"),
    Case(method: .POST, path: "/Users", body: "", status: 400, scimType: "invalidSyntax"),
    Case(method: .POST, path: "/Users", body: "[]", status: 400, scimType: "invalidSyntax"),
    Case(method: .POST, path: "/Users", body: "{}", status: 400, scimType: "invalidValue"),
    Case(method: .POST, path: "/Users", body: #"{"userName":""}"#, status: 400, scimType: "invalidValue"),
    Case(method: .POST, path: "/Users", body: #"{"userName":"admin"}"#, status: 409, scimType: "uniqueness"),
    Case(
      method: .POST, path: "/Users", body: "userName=ann", contentType: "application/x-www-form-urlencoded", status: 415
    ),
    Case(method: .POST, path: "/Users", body: "<user/>", contentType: "text/xml", status: 415),
    Case(method: .PUT, path: "/Users/4711", body: #"{"userName":"ann"}"#, status: 404),
    Case(method: .PATCH, path: "/Users/4711", body: #"{"Operations":[]}"#, status: 400),
    Case(method: .GET, path: "/Users?filter=userName+xx", status: 400, scimType: "invalidFilter"),
    Case(method: .GET, path: "/Users?count=many", status: 400, scimType: "invalidValue"),
    Case(method: .GET, path: "/Users?filter=password+pr", status: 400, scimType: "sensitive"),
    Case(method: .GET, path: "/?filter=emails%5Btype+eq", status: 400, scimType: "invalidFilter"),
    Case(method: .GET, path: "/Users?cursor=4711", status: 400, scimType: "invalidCursor"),
    Case(method: .POST, path: "/Bulk", body: #"{"Operations":{}}"#, status: 400, scimType: "invalidSyntax"),
    Case(method: .GET, path: "/Users?sortBy=userName&sortOrder=up", status: 400, scimType: "invalidValue"),
  ]

  @Test(arguments: cases)
  func isAnsweredWithASCIMError(_ fault: Case) async throws {
    try await withServer { server in
      let answer = try await server.send(
        fault.method, url: server.base + fault.path, bytes: fault.body.map { Array($0.utf8) },
        headers: ["Authorization": "Bearer \(ServerFixture.token)", "Content-Type": fault.contentType])
      #expect(answer.status == fault.status, "\(answer.json.text)")
      #expect(answer.header("Content-Type") == "application/scim+json")
      #expect(answer.json["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"])
      #expect(answer.json["status"] == .string(String(fault.status)))
      if let scimType = fault.scimType { #expect(answer.json["scimType"] == .string(scimType)) }
      #expect((answer.header("Allow") != nil) == (fault.status == 405))
    }
  }

  @Test func bodiesBeyondTheLimitAreRefused() async throws {
    var setup = ServerSetup()
    setup.configuration.maxBodySize = 1000
    try await withServer(setup) { server in
      let long: JSONValue = ["userName": .string(String(repeating: "a", count: 2000))]
      let answer = try await server.send(.POST, "/Users", long)
      #expect(answer.status == 413)
      #expect(answer.json["status"] == "413")
      #expect(try await server.send(.POST, "/Users", ["userName": "ann"]).status == 201)
    }
  }

  @Test func aPatchMustSayThatItIsOne() async throws {
    try await withServer { server in
      let user = try await server.send(.POST, "/Users", ["userName": "ann"])
      let answer = try await server.send(
        .PATCH, "/Users/\(user.id)", ["Operations": [["op": "add", "path": "title", "value": "Dr"]]])
      #expect(answer.status == 400)
    }
  }
}
