import HTTPTypes
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import Testing

@testable import Endpoints

@Suite struct SCIM2EndpointTests {
  private let users: ResourceType

  init() throws { users = try Fixtures.type("User") }

  // MARK: Discovery

  @Test func capabilitiesTakeThreeRequestsInAllItsLife() async throws {
    let faults = FaultPlan()
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url + "/") { endpoint in
        let known = try await withThrowingTaskGroup(of: Capabilities.self) { group in
          for _ in 0..<8 { group.addTask { try await endpoint.capabilities() } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(known).count == 1)
        #expect(known[0].supportsEntityTags && known[0].maxResults == 500)
        #expect(known[0].catalog.resourceTypes.map(\.name).sorted() == ["Group", "User"])
      }
    }
    #expect(faults.requests.sorted() == ["GET /ResourceTypes", "GET /Schemas", "GET /ServiceProviderConfig"])
  }

  @Test func resourceTypesOfThePeerAreTaken() async throws {
    var manners = SCIMTestServer.Manners()
    manners.resourceTypes = [
      "totalResults": 1,
      "Resources": [["id": "User", "name": "User", "endpoint": "/Users", "schema": .string(users.schema)]],
    ]
    try await SCIMTestServer.run(manners) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        let catalog = try await endpoint.capabilities().catalog
        #expect(catalog.resourceTypes.map(\.name) == ["User"])
        #expect(catalog.schema(users.schema) != nil)
      }
    }
  }

  @Test func everyRequestSaysWhoAsksForWhat() async throws {
    let faults = FaultPlan()
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        #expect(endpoint.ownUserName == SCIMTestServer.userName)
        _ = try await endpoint.create(Fixtures.user("a"), as: users)
      }
    }
    #expect(faults.headers.allSatisfy { $0[.userAgent] == "rollcall/test" })
    #expect(faults.headers.allSatisfy { $0[.accept] == "application/scim+json, application/json;q=0.9" })
  }

  @Test func aWrongPasswordIsUnauthorizedAndNeverShown() async throws {
    try await SCIMTestServer.run { url in
      try await SCIM2Endpoint.use(url, configure: { $0.connection.credential = .bearer(Secret("wr0ng")) }) { endpoint in
        let error = await failure { _ = try await endpoint.capabilities() }
        #expect(error?.kind == .unauthorized)
        #expect(error?.message.contains("wr0ng") == false)
      }
    }
  }

  @Test func nobodyListening() async throws {
    let clock = ManualClock()
    try await SCIM2Endpoint.use("http://127.0.0.1:1", clock: clock, configure: { $0.connection.retry.attempts = 3 }) {
      endpoint in
      let error = await failure { _ = try await endpoint.capabilities() }
      #expect(error?.kind == .unreachable)
    }
    #expect(!clock.sleeps.isEmpty)
  }

  // MARK: Failures

  @Test func readsSurviveWhatPasses() async throws {
    let faults = FaultPlan()
    let clock = ManualClock()
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url, clock: clock) { endpoint in
        _ = try await endpoint.capabilities()
        faults.queue(
          .get, .refuse(503), .drop, .refuse(500, body: "<html>oops"), .refuse(429, headers: ["Retry-After": "17"]))
        #expect(try await endpoint.page(of: users, at: nil).totalResults == 0)
      }
    }
    #expect(clock.sleeps.contains(.seconds(17)))
  }

  @Test func attemptsEnd() async throws {
    let faults = FaultPlan()
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url, configure: { $0.connection.retry.attempts = 2 }) { endpoint in
        _ = try await endpoint.capabilities()
        faults.queue(.get, .refuse(503), .refuse(503))
        let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
        #expect(error?.kind == .unavailable(retryAfter: nil))
      }
    }
  }

  @Test(arguments: [FaultPlan.Fault.obeyThenDrop, .obeyThenAnswer(500), .obeyThenAnswer(503)])
  func aCreateThatWasCarriedOutIsFoundNotRepeated(_ fault: FaultPlan.Fault) async throws {
    let faults = FaultPlan()
    faults.queue(.post, fault)
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        let made = try await endpoint.create(Fixtures.user("Mia", externalId: "E-7"), as: users)
        #expect(made.userName == "Mia")
        #expect(try await endpoint.page(of: users, at: nil).totalResults == 1)
      }
    }
    #expect(faults.requests(.post).count == 1)
  }

  @Test func aCreateThatWasNotCarriedOutIsRepeated() async throws {
    let faults = FaultPlan()
    faults.queue(.post, .drop, .refuse(503), .refuse(429, headers: ["Retry-After": "1"]))
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        _ = try await endpoint.create(Fixtures.group("crew"), as: try Fixtures.type("Group"))
      }
    }
    #expect(faults.requests(.post).count == 4)
  }

  /// Somebody else's namesake is not taken for what our lost request made.
  @Test func aNamesakeIsAConflict() async throws {
    let faults = FaultPlan()
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        _ = try await endpoint.create(Fixtures.user("mia", externalId: "E-1"), as: users)
        faults.queue(.post, .drop)
        let error = await failure { _ = try await endpoint.create(Fixtures.user("mia", externalId: "E-2"), as: users) }
        #expect(error?.kind == .conflict)
      }
    }
    #expect(faults.requests(.post).count == 2)
  }

  /// The endpoint spells the name its own way, but our externalId tells that it is ours.
  @Test func aLostCreateIsKnownByItsExternalId() async throws {
    let faults = FaultPlan()
    let rewritten = #"{"totalResults":1,"Resources":[{"id":"9","externalId":"E-1","userName":"mia_corp"}]}"#
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        _ = try await endpoint.capabilities()
        faults.queue(.post, .drop)
        faults.queue(.get, .refuse(200, body: rewritten))
        #expect(try await endpoint.create(Fixtures.user("mia", externalId: "E-1"), as: users).id == "9")
      }
    }
  }

  @Test func aCreateAnsweredWithoutTheResourceIsLookedUp() async throws {
    let faults = FaultPlan()
    faults.queue(.post, .obeyThenAnswer(201))
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        let made = try await endpoint.create(Fixtures.user("a"), as: users)
        #expect(!made.id.isEmpty)
      }
    }
  }

  @Test func updatesAndDeletesAreRepeated() async throws {
    let faults = FaultPlan()
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        let made = try await endpoint.create(Fixtures.user("a"), as: users)
        faults.queue(.patch, .obeyThenDrop)
        let patch = PatchOperation(.replace, AttributePath("title"), value: "Chief")
        #expect(try await endpoint.update(made.id, of: users, .patch([patch]), version: nil)?["title"] == "Chief")
        faults.queue(.delete, .obeyThenDrop)
        try await endpoint.delete(made.id, of: users, version: nil)
      }
    }
    #expect(faults.requests(.patch).count == 2)
    #expect(faults.requests(.delete).count == 2)
  }

  @Test func answersThatAreNotSCIM() async throws {
    let faults = FaultPlan()
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        _ = try await endpoint.capabilities()
        for body in ["<html><body>Please sign in</body></html>", "{\"Resources\": [", "[]", "\"text\""] {
          faults.queue(.get, .refuse(200, body: body))
          let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
          #expect(error?.kind == .malformed)
          #expect(error?.message.contains("<") == false)
        }
        faults.queue(.get, .refuse(302, headers: ["Location": url + "/login"]))
        #expect(await failure { _ = try await endpoint.page(of: users, at: nil) }?.kind == .malformed)
      }
    }
  }

  @Test func answersBeyondTheBoundAreRefused() async throws {
    let faults = FaultPlan()
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url, configure: { $0.connection.maxAnswerSize = 4096 }) { endpoint in
        _ = try await endpoint.capabilities()
        faults.queue(.get, .refuse(200, body: String(repeating: " ", count: 5000)))
        #expect(await failure { _ = try await endpoint.page(of: users, at: nil) }?.kind == .malformed)
      }
    }
  }

  @Test func whatWeSentInConfidenceIsNotRepeatedInMessages() async throws {
    let faults = FaultPlan()
    let echo = #"{"detail":"password hunter22 of admin / s3cr3t-0f-the-test is too short"}"#
    try await SCIMTestServer.run(faults: faults) { url in
      try await SCIM2Endpoint.use(url) { endpoint in
        var user = Fixtures.user("a")
        user["password"] = "hunter22"
        faults.queue(.post, .refuse(400, body: echo))
        let error = await failure { _ = try await endpoint.create(user, as: users) }
        #expect(error?.message == "400: password ••• of admin / ••• is too short")
        let patch = PatchOperation(.replace, AttributePath("password"), value: "hunter22")
        faults.queue(.patch, .refuse(400, body: echo))
        let second = await failure { _ = try await endpoint.update("x", of: users, .patch([patch]), version: nil) }
        #expect(second?.message == error?.message)
      }
    }
  }
}
