import JSON
import Reconciliation
import SCIM
import Testing

@testable import Endpoints

/// What goes wrong at an SPML provider, and what is done about it.
@Suite struct SPML2FailureTests {
  private let users: ResourceType
  private let groups: ResourceType

  init() throws {
    users = try Fixtures.type("User")
    groups = try Fixtures.type("Group")
  }

  // MARK: Searches

  private func fill(_ endpoint: SPML2Endpoint, _ count: Int) async throws {
    for number in 0..<count { _ = try await endpoint.create(Fixtures.user("user\(number)"), as: users) }
  }

  @Test func partsFollowByIterator() async throws {
    let server = SPMLTestServer(.init(capabilities: [.search], pageCap: 3))
    try await server.use { [users] endpoint async throws in
      try await fill(endpoint, 7)
      server.forgetRequests()
      let pages = try await Fixtures.walk(endpoint, users)
      #expect(pages.map(\.resources.count) == [3, 3, 1])
      #expect(pages.map(\.endIsCertain) == [true, true, true])
      #expect(server.requests == ["searchRequest", "iterateRequest", "iterateRequest"])
      #expect(server.openIterators == 0)
    }
  }

  /// The provider may have gone on when an answer is lost, so nobody may ask for the next part as if nothing happened.
  @Test(arguments: [SPMLTestServer.Fault.obeyThenDrop, .drop, .soapFault("Server", "busy")])
  func aLostPartIsNotLostForGood(_ fault: SPMLTestServer.Fault) async throws {
    let server = SPMLTestServer(.init(capabilities: [.search], pageCap: 3))
    try await server.use { [users] endpoint async throws in
      try await fill(endpoint, 10)
      server.queue("iterateRequest", fault)
      let resources = try await Fixtures.walk(endpoint, users).flatMap(\.resources)
      #expect(resources.map(\.userName) == (0..<10).map { "user\($0)" })
      #expect(server.requests.filter { $0 == "searchRequest" }.count == 2)
      #expect(server.openIterators == 0)
    }
  }

  @Test func aSearchThatIsForgottenIsBegunAnew() async throws {
    let server = SPMLTestServer(.init(capabilities: [.search], pageCap: 3))
    try await server.use { [users] endpoint async throws in
      try await fill(endpoint, 4)
      let first = try await endpoint.page(of: users, at: nil)
      server.forgetIterators()
      let rest = try await endpoint.page(of: users, at: first.next)
      #expect((first.resources + rest.resources).map(\.userName) == ["user0", "user1", "user2", "user3"])
      #expect(rest.next == nil)
    }
    #expect(server.requests.last == "iterateRequest")
  }

  @Test func whoForgetsEveryTimeIsNotAskedForEver() async throws {
    let server = SPMLTestServer(.init(capabilities: [.search], pageCap: 1))
    try await server.use { [users] endpoint async throws in
      try await fill(endpoint, 3)
      for _ in 1...9 { server.queue("iterateRequest", .fail("noSuchIdentifier")) }
      let error = await failure { _ = try await Fixtures.walk(endpoint, users) }
      #expect(error?.kind == .notFound)
    }
  }

  @Test func whatIsNotReadToItsEndIsClosed() async throws {
    let server = SPMLTestServer(.init(pageCap: 1))
    try await server.use { [users] endpoint async throws in
      try await fill(endpoint, 3)
      _ = try await endpoint.page(of: users, at: nil)
      #expect(server.openIterators == 1)
    }
    #expect(server.requests.last == "closeIteratorRequest")
    #expect(server.openIterators == 0)
    #expect(server.violations == [])
  }

  // MARK: Writes

  @Test(arguments: [SPMLTestServer.Fault.obeyThenDrop, .drop])
  func aCreateIsMadeOnce(_ fault: SPMLTestServer.Fault) async throws {
    let server = SPMLTestServer()
    server.queue("addRequest", fault)
    try await server.use { [users] endpoint async throws in
      var user = Fixtures.user("Mia", externalId: "E-7")
      user["password"] = "secret"
      let made = try await endpoint.create(user, as: users)
      #expect(made.userName == "Mia")
      #expect(server.objects.count == 1)
      #expect(server.objects[0].password == "secret")
    }
    #expect(server.violations == [])
  }

  @Test func aChangeThatIsMadeAlreadyIsNoFailure() async throws {
    let server = SPMLTestServer()
    try await server.use { [users, groups] endpoint async throws in
      let first = try await endpoint.create(Fixtures.user("a"), as: users).id
      let second = try await endpoint.create(Fixtures.user("b"), as: users).id
      let group = try await endpoint.create(Fixtures.group("crew"), as: groups).id
      server.queue("modifyRequest", .obeyThenDrop)
      let add = PatchOperation(
        .add, AttributePath("members"), value: [["value": .string(first)], ["value": .string(second)]])
      #expect(try await endpoint.update(group, of: groups, .patch([add]), version: nil) == nil)
      #expect(server.objects[2].attributes["member"] == [first, second])
      let isFirst = Filter.compare(AttributePath("value"), .equal, .string(first))
      server.queue("modifyRequest", .obeyThenDrop)
      let remove = PatchOperation(.remove, AttributePath("members", valueFilter: isFirst))
      #expect(try await endpoint.update(group, of: groups, .patch([remove]), version: nil) == nil)
      #expect(server.objects[2].attributes["member"] == [second])
      let title = PatchOperation(.replace, AttributePath("title"), value: "Chief")
      for operation in [title, PatchOperation(.remove, AttributePath("title"))] {
        server.queue("modifyRequest", .obeyThenDrop)
        #expect(try await endpoint.update(first, of: users, .patch([operation]), version: nil) == nil)
      }
      #expect(server.objects[0].attributes["title"] == [])
      // What is refused for a reason stays refused, and is not sent again.
      server.forgetRequests()
      server.queue("modifyRequest", .fail("customError", "not on Sundays"))
      let refused = await failure { _ = try await endpoint.update(first, of: users, .patch([title]), version: nil) }
      #expect(refused?.message == "customError: not on Sundays")
      #expect(server.requests == ["modifyRequest", "lookupRequest"])
    }
  }

  @Test func updatesSendWhatDiffers() async throws {
    let server = SPMLTestServer()
    try await server.use { [users] endpoint async throws in
      var user = Fixtures.user("a")
      user["phoneNumbers"] = [["value": "1", "type": "work"], ["value": "2", "type": "mobile"]]
      let made = try await endpoint.create(user, as: users)
      server.forgetRequests()
      let title = PatchOperation(.replace, AttributePath("title"), value: "Chief")
      let department = PatchOperation(
        .replace, AttributePath(schema: SchemaURN.enterpriseUser, "department"), value: "Sales")
      _ = try await endpoint.update(made.id, of: users, .patch([title, department]), version: nil)
      #expect(server.requests == ["modifyRequest"])
      // Which of two attributes to delete, only the object tells.
      let numbers = PatchOperation(.replace, AttributePath("phoneNumbers"), value: [["value": "3", "type": "mobile"]])
      _ = try await endpoint.update(made.id, of: users, .patch([numbers]), version: nil)
      #expect(server.requests == ["modifyRequest", "lookupRequest", "modifyRequest"])
      #expect(server.objects[0].attributes["telephoneNumber"] == [])
      #expect(server.objects[0].attributes["mobile"] == ["3"])
      #expect(server.objects[0].attributes["title"] == ["Chief"])
      server.forgetRequests()
      _ = try await endpoint.update(made.id, of: users, .patch([numbers]), version: nil)
      #expect(server.requests == ["lookupRequest"])
    }
    #expect(server.violations == [])
  }

  // MARK: Answers

  @Test(arguments: [
    ("noSuchIdentifier", EndpointError.Kind.notFound), ("alreadyExists", .conflict), ("resultSetToLarge", .tooLarge),
    ("resultSetTooLarge", .tooLarge), ("unsupportedProfile", .misconfigured), ("customError", .rejected),
    ("somethingNew", .rejected),
  ])
  func failuresHaveTheirKinds(_ code: String, _ kind: EndpointError.Kind) async throws {
    let server = SPMLTestServer()
    server.queue("searchRequest", .fail(code, "because"))
    try await server.use { [users] endpoint async throws in
      let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
      #expect(error == EndpointError(kind, status: 200, "\(code): because"))
    }
  }

  @Test func faultsOfTheServerPass() async throws {
    let server = SPMLTestServer()
    server.queue("searchRequest", .soapFault("Server", "busy"), .answer(503, "<html>later"), .drop)
    try await server.use { [users] endpoint async throws in
      #expect(try await endpoint.page(of: users, at: nil).totalResults == 0)
      server.queue("searchRequest", .soapFault("Client", "no"))
      let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
      #expect(error == EndpointError(.rejected, status: 500, "the provider answers with a fault: no"))
    }
  }

  @Test(arguments: [
    "<html><body>Please sign in</body></html>", "", "{}", "<a/>",
    "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", SPMLTestMessages.envelope(""),
    SPMLTestMessages.envelope("<x status='success'/>"), SPMLTestMessages.envelope("<searchResponse/>"),
    SPMLTestMessages.envelope("<searchResponse status='success'><pso><data/></pso></searchResponse>"),
  ])
  func whatIsNoAnswerIsNotTakenForOne(_ body: String) async throws {
    let server = SPMLTestServer()
    server.queue("searchRequest", .answer(200, body))
    try await server.use { [users] endpoint async throws in
      let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
      #expect(error?.kind == .malformed, "\(error?.message ?? "")")
    }
  }

  @Test func whatIsPutOffIsWaitedFor() async throws {
    let server = SPMLTestServer(.init(capabilities: [.search, .async]))
    let clock = ManualClock()
    server.queue("addRequest", .putOff(2))
    try await server.use(clock: clock) { [users] endpoint async throws in
      #expect(try await endpoint.create(Fixtures.user("a"), as: users).userName == "a")
      #expect(server.requests == ["listTargetsRequest", "addRequest"] + Array(repeating: "statusRequest", count: 3))
      server.queue("searchRequest", .putOff(nil))
      let error = await failure { _ = try await endpoint.page(of: users, at: nil) }
      #expect(error?.kind == .timedOut)
    }
    #expect(clock.sleeps.prefix(3) == [.seconds(1), .seconds(2), .seconds(4)])
    #expect(server.violations == [])
  }

  @Test func whatIsPutOffWithoutAWayToAskIsAFailureThatSaysSo() async throws {
    let server = SPMLTestServer(.init(capabilities: [.search]))
    server.queue("addRequest", .putOff(0))
    try await server.use { [users] endpoint async throws in
      let error = await failure { _ = try await endpoint.create(Fixtures.user("a"), as: users) }
      #expect(error?.kind == .interrupted)
      #expect(error?.message == "the provider puts addRequest off, and cannot be asked what becomes of it")
    }
    #expect(server.requests.filter { $0 == "addRequest" }.count == 1)
  }

  @Test(arguments: ["ftp://h", "https://a:b@h/spml2", "http://far.example/spml2"])
  func addressesThatCannotBeUsed(_ address: String) async {
    let error = await failure {
      _ = try SPML2Endpoint(
        SPML2Configuration(
          name: "x", url: address, settings: SPML2Settings(), connection: ConnectionConfiguration(userAgent: "x")))
    }
    #expect(error?.kind == .misconfigured)
  }
}
