import Foundation
import JSON
import LocalDirectory
import Testing

/// What connectors expect of every store that they can work with.
struct ProvisioningStoreTests {
  private typealias Store = DirectoryStore & ProvisioningStore
  private static let stores = [StoreUnderTest.sqlite, .postgresql]
  private static let time = Date(timeIntervalSince1970: 1_800_000_000)

  private func use(_ kind: StoreUnderTest, _ body: (any Store) async throws -> Void) async throws {
    try await kind.use { opened in
      let store = try #require(opened as? any Store)
      try await store.write { transaction in
        for id in ["u1", "u2"] { try transaction.insert(DirectoryStoreConformance.resource("User", id)) }
      }
      try await body(store)
    }
  }

  private func lease(
    _ store: any Store, _ connector: String = "is2/scim", to owner: String = "a", until seconds: Double = 30,
    at now: Double = 0
  ) async throws -> ConnectorState? {
    try await store.lease(
      connector, to: owner, until: Self.time.addingTimeInterval(seconds), now: Self.time.addingTimeInterval(now))
  }

  private func link(_ id: String, remote: String, _ applied: JSONObject = [:]) -> ProvisioningLink {
    ProvisioningLink(
      type: "User", id: id, remoteID: remote, isAdopted: id == "u2", applied: applied, updatedAt: Self.time)
  }

  private func delivery(_ id: String, _ state: Delivery.State = .waiting, since: Double = 0) -> Delivery {
    Delivery(
      connector: "is2/scim", type: "User", id: id, state: state, attempts: 3,
      since: Self.time.addingTimeInterval(since), dueAt: Self.time.addingTimeInterval(5), reason: "refused: \(id)")
  }

  private func record(_ store: any Store, by owner: String = "a", _ fill: (inout ProvisioningRound) -> Void)
    async throws -> Bool
  {
    var round = ProvisioningRound(state: ConnectorState(name: "is2/scim", cursor: 7))
    fill(&round)
    return try await store.record(round, by: owner, now: Self.time)
  }

  @Test(arguments: stores) func oneOwnerAtATimeHasAConnector(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store in
      #expect(try await lease(store) == ConnectorState(name: "is2/scim"))
      #expect(try await lease(store, to: "b", at: 29.999) == nil)
      #expect(try await lease(store, "is3/scim", to: "b") == ConnectorState(name: "is3/scim"))
      #expect(try await lease(store, until: 60, at: 29) != nil)
      #expect(try await lease(store, to: "b", until: 90, at: 30) == nil)
      #expect(try await lease(store, to: "b", until: 90, at: 60) != nil)
      #expect(try await lease(store, at: 61) == nil)
      try await store.releaseLeases(of: "b")
      #expect(try await lease(store, at: 61) != nil)
      #expect(try await store.connectorStates().map(\.name) == ["is2/scim", "is3/scim"])
    }
  }

  @Test(arguments: stores) func theStateComesBackAsItWas(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store in
      _ = try await lease(store)
      let failure = ConnectorState.Failure(count: 2, retryAt: Self.time.addingTimeInterval(9), reason: "unreachable")
      for state in [
        ConnectorState(name: "is2/scim", cursor: 0, passedAt: Self.time, failure: failure),
        ConnectorState(name: "is2/scim", cursor: 12), ConnectorState(name: "is2/scim"),
      ] {
        #expect(try await store.record(ProvisioningRound(state: state), by: "a", now: Self.time))
        #expect(try await lease(store) == state)
      }
    }
  }

  @Test(arguments: stores) func whoLostTheLeaseWritesNothing(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store in
      _ = try await lease(store)
      #expect(try await !record(store, by: "b") { $0.links = [link("u1", remote: "r1")] })
      #expect(try await store.links(of: "is2/scim").isEmpty)
      _ = try await lease(store, to: "b", until: 60, at: 30)
      #expect(try await !record(store) { $0.failures = [delivery("u1")] })
      #expect(try await store.deliveries(of: nil).isEmpty)
    }
  }

  @Test(arguments: stores) func linksAreFoundByBothIDs(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store in
      _ = try await lease(store)
      let links = [link("u1", remote: "r1", ["userName": "älice"]), link("u2", remote: "r2")]
      #expect(try await record(store) { $0.links = links })
      #expect(try await store.links(of: "is2/scim") == links)
      #expect(try await store.links(of: "is2/scim", to: ["u2", "u3"]) == [links[1]])
      #expect(try await store.links(of: "is2/scim", remoteIDs: ["r1", "u2"]) == [links[0]])
      #expect(try await store.links(of: "is3/scim").isEmpty)
      let moved = link("u1", remote: "r9", ["userName": "alice"])
      #expect(
        try await record(store) {
          $0.links = [moved]
          $0.unlinked = ["u2"]
        })
      #expect(try await store.links(of: "is2/scim") == [moved])
    }
  }

  @Test(arguments: stores) func deliveriesAreRetriedAndDropped(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store in
      _ = try await lease(store)
      let waiting = [delivery("u2", since: 0), delivery("u1", .dead, since: 1)]
      #expect(try await record(store) { $0.failures = waiting.reversed() })
      #expect(try await store.deliveries(of: "is2/scim") == waiting)
      #expect(try await store.deliveries(of: nil) == waiting)
      #expect(try await store.retryDeliveries(of: "is2/scim", id: "u1", now: Self.time) == 1)
      let retried = try #require(try await store.deliveries(of: "is2/scim").last)
      #expect(retried.state == .waiting)
      #expect(retried.attempts == 0)
      #expect(retried.dueAt == Self.time)
      #expect(try await store.dropDeliveries(of: "is2/scim", id: "u3") == 0)
      #expect(try await store.dropDeliveries(of: "is3/scim", id: nil) == 0)
      #expect(try await record(store) { $0.settled = ["u1"] })
      #expect(try await store.dropDeliveries(of: "is2/scim", id: nil) == 1)
      #expect(try await store.deliveries(of: nil).isEmpty)
    }
  }

  @Test(arguments: stores) func exemptionsComeAndGo(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store in
      _ = try await lease(store)
      for _ in 1...2 { #expect(try await record(store) { $0.exempted = ["u1", "u2"] }) }
      #expect(try await store.exemptions(of: "is2/scim") == ["u1", "u2"])
      #expect(try await record(store) { $0.included = ["u1"] })
      #expect(try await store.exemptions(of: "is2/scim") == ["u2"])
      #expect(try await store.exemptions(of: "is3/scim").isEmpty)
    }
  }

  @Test(arguments: stores) func passwordsLiveUntilTheyAreDelivered(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store in
      _ = try await lease(store)
      try await store.write { transaction in
        try transaction.keepPassword("old", of: "u1", for: ["is2/scim", "is3/scim"])
        try transaction.keepPassword("new", of: "u1", for: ["is2/scim"])
        try transaction.keepPassword("two", of: "u2", for: ["is2/scim"])
        try transaction.keepPassword("nobody's", of: "u3", for: ["is2/scim"])
      }
      #expect(try await store.sealedPasswords(for: "is2/scim") == ["u1": "new", "u2": "two"])
      #expect(try await store.sealedPasswords(for: "is3/scim") == ["u1": "old"])
      #expect(try await record(store) { $0.spentPasswords = ["u1": "old", "u2": "two"] })
      #expect(try await store.sealedPasswords(for: "is2/scim") == ["u1": "new"])
      try await store.forgetPasswords(exceptFor: ["is3/scim"])
      #expect(try await store.sealedPasswords(for: "is2/scim").isEmpty)
      #expect(try await store.sealedPasswords(for: "is3/scim") == ["u1": "old"])
      try await store.write { try $0.delete("u1") }
      #expect(try await store.sealedPasswords(for: "is3/scim").isEmpty)
    }
  }

  @Test(arguments: stores) func aDroppedDeliveryTakesItsPasswordAlong(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store in
      _ = try await lease(store)
      try await store.write { transaction in
        for id in ["u1", "u2"] { try transaction.keepPassword(id, of: id, for: ["is2/scim"]) }
      }
      #expect(try await record(store) { $0.failures = [delivery("u1", .dead), delivery("u2")] })
      #expect(try await store.dropDeliveries(of: "is2/scim", id: "u1") == 1)
      #expect(try await store.sealedPasswords(for: "is2/scim") == ["u2": "u2"])
    }
  }

  @Test(arguments: stores) func whatIsUndoneKeepsNoPassword(_ kind: StoreUnderTest) async throws {
    try await use(kind) { store async throws in
      await #expect(throws: DirectoryStoreConformance.Abort.self) { () async throws in
        try await store.write { transaction in
          try transaction.keepPassword("secret", of: "u1", for: ["is2/scim"])
          throw DirectoryStoreConformance.Abort()
        }
      }
      #expect(try await store.sealedPasswords(for: "is2/scim").isEmpty)
    }
  }
}
