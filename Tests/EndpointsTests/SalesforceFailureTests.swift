import HTTPTypes
import JSON
import NIOHTTP1
import SCIM
import SeededRandom
import Testing

@testable import Endpoints

@Suite struct SalesforceFailureTests {
  private let users: ResourceType

  init() throws { users = try Fixtures.type("User") }

  private static func refusal(_ code: String, _ message: String = "no", fields: String = "") -> String {
    #"[{"errorCode":"\#(code)","message":"\#(message)","fields":[\#(fields)]}]"#
  }

  @Test(
    arguments: [
      (400, "DUPLICATE_USERNAME", .conflict), (400, "DUPLICATE_VALUE", .conflict),
      (403, "REQUEST_LIMIT_EXCEEDED", .rateLimited(retryAfter: nil)),
      (400, "UNABLE_TO_LOCK_ROW", .rateLimited(retryAfter: nil)),
      (401, "INVALID_SESSION_ID", .unauthorized), (400, "LICENSE_LIMIT_EXCEEDED", .rejected),
      (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", .rejected), (404, "NOT_FOUND", .notFound),
      (400, "MALFORMED_ID", .notFound), (403, "API_DISABLED_FOR_ORG", .forbidden),
      (503, "SERVER_UNAVAILABLE", .unavailable(retryAfter: nil)), (403, "OPERATION_NOT_ALLOWED", .forbidden),
      (500, "UNKNOWN_EXCEPTION", .unavailable(retryAfter: nil)),
    ] as [(Int, String, EndpointError.Kind)])
  func refusalsAreRead(status: Int, code: String, kind: EndpointError.Kind) {
    let body = Self.refusal(code, "Words of theirs", fields: #""Username""#)
    let error = EndpointError(status: status, headers: [:], body: Array(body.utf8))
    #expect(error.kind == kind)
    #expect(error.message.hasPrefix("\(status): \(code): Words of theirs (Username)"))
  }

  @Test func theOrganisationsOwnRulesAreTold() async throws {
    let faults = FaultPlan()
    try await SalesforceTestServer.use(faults: faults) { [users] endpoint, _ in
      faults.queue(
        .post, .refuse(400, body: Self.refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Titles are for managers")),
        .refuse(400, body: Self.refusal("LICENSE_LIMIT_EXCEEDED", "License Limit Exceeded")))
      let rule = await failure { _ = try await endpoint.create(Fixtures.user("a@x.example"), as: users) }
      #expect(rule?.message.contains("Titles are for managers") == true)
      let limit = await failure { _ = try await endpoint.create(Fixtures.user("a@x.example"), as: users) }
      #expect(limit?.message.contains("every licence for this profile is taken") == true)
    }
    #expect(faults.requests(.post).count == 2)
  }

  @Test func aNameThatIsTakenIsLookedFor() async throws {
    let store = SalesforceStore(elsewhere: ["far@x.example"])
    store.insert("User", ["Username": "near@x.example"])
    try await SalesforceTestServer.use(store: store) { [users] endpoint, _ in
      let near = await failure { _ = try await endpoint.create(Fixtures.user("near@x.example"), as: users) }
      #expect(near?.kind == .conflict)
      let far = await failure { _ = try await endpoint.create(Fixtures.user("far@x.example"), as: users) }
      #expect(far?.kind == .rejected)
      #expect(far?.message.contains("taken in another Salesforce organisation") == true)
    }
  }

  @Test func whatPassesIsSurvived() async throws {
    let faults = FaultPlan()
    let clock = ManualClock()
    try await SalesforceTestServer.use(faults: faults, clock: clock) { [users] endpoint, _ in
      faults.queue(
        .get, .refuse(503, body: Self.refusal("SERVER_UNAVAILABLE")), .drop,
        .refuse(403, headers: ["Retry-After": "17"], body: Self.refusal("REQUEST_LIMIT_EXCEEDED")))
      #expect(try await endpoint.page(of: users, at: nil).totalResults == 0)
      faults.queue(.post, .refuse(400, body: Self.refusal("UNABLE_TO_LOCK_ROW")))
      _ = try await endpoint.create(Fixtures.user("a@x.example"), as: users)
    }
    #expect(clock.sleeps.contains(.seconds(17)))
    #expect(faults.requests(.post).count == 2)
  }

  @Test(arguments: [FaultPlan.Fault.obeyThenDrop, .obeyThenAnswer(500), .obeyThenAnswer(201)])
  func aCreateThatWasCarriedOutIsFoundNotRepeated(_ fault: FaultPlan.Fault) async throws {
    let faults = FaultPlan()
    faults.queue(.post, fault)
    try await SalesforceTestServer.use(faults: faults) { [users] endpoint, server in
      let made = try await endpoint.create(Fixtures.user("mia@x.example", externalId: "E-7"), as: users)
      #expect(server.store.records("User").map { $0["Id"]?.string } == [made.id])
    }
    #expect(faults.requests(.post).count == 1)
  }

  @Test func tokensAreRenewedWhenTheyEnd() async throws {
    try await SalesforceTestServer.use(.init(requestsOfToken: 2)) { [users] endpoint, server in
      for name in ["a", "b", "c"] {
        _ = try await endpoint.create(Fixtures.user("\(name)@x.example"), as: users)
      }
      #expect(server.store.records("User").count == 3)
      #expect(server.issuedTokens > 1)
    }
  }

  @Test func aTokenThatIsNeverHeededIsNoLoop() async throws {
    try await SalesforceTestServer.use(.init(requestsOfToken: 0)) { [users] endpoint, server in
      #expect(await failure { _ = try await endpoint.page(of: users, at: nil) }?.kind == .unauthorized)
      #expect(server.issuedTokens == 2)
    }
  }

  /// Whatever comes back, a call ends with an answer or an error of its own kind.
  @Test func answersOfEveryShape() async throws {
    var generator = SplitMix64(seed: 2_024)
    let samples = [
      #"{"totalSize":1,"done":true,"records":[{"attributes":{"type":"User"},"Id":"005A","Username":"a@x.example"}]}"#,
      #"{"id":"005A","success":true,"errors":[]}"#, Self.refusal("DUPLICATE_VALUE"), "[]", "null", "{}",
      #"[{"id":"005A","success":true,"errors":[]},{"success":false,"errors":[{"statusCode":"X"}]}]"#,
    ]
    let faults = FaultPlan()
    let texts = (0..<150).map { _ in Self.mutation(of: samples.randomElement(using: &generator) ?? "", &generator) }
    try await SalesforceTestServer.use(faults: faults) { [users] endpoint, _ in
      _ = try await endpoint.capabilities()
      let groups = try Fixtures.type("Group")
      for (number, text) in texts.enumerated() {
        let status = [200, 201, 400][number % 3]
        faults.queue(.get, .refuse(status, body: text))
        _ = await answer { _ = try await endpoint.page(of: number % 2 == 0 ? users : groups, at: nil) }
        faults.queue(.post, .refuse(status, body: text))
        _ = await answer { _ = try await endpoint.create(Fixtures.user("\(number)@x.example"), as: users) }
      }
    }
  }

  private func answer(_ call: () async throws -> Void) async -> Bool {
    do {
      try await call()
      return true
    } catch {
      #expect(error is EndpointError)
      return false
    }
  }

  private static func mutation(of text: String, _ generator: inout SplitMix64) -> String {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
      let index = Int.random(in: bytes.indices, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: bytes.remove(at: index)
      case 1: bytes[index] = Array(#"{}[]",:0a\"#.utf8).randomElement(using: &generator) ?? 0
      default: bytes.removeSubrange(index...)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
