import Endpoints
import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import SCIM
import Testing

@testable import IdentityServer

/// What connectors do when the far side does not.
struct OutboundQueueTests {
  @Test func whatComesBackCatchesUp() async throws {
    try await withServer { there in
      try await withOutbound { here in
        let gate = here.gates["is2/scim"]
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let alice = try await here.makeUser("alice")
        try await eventually("alice appears") { try await there.user("alice") != nil }
        gate.refuse { _, _ in EndpointError(.unreachable, "down") }
        try await here.set("title", "Head", of: alice)
        _ = try await here.makeUser("bob")
        try await eventually("the failure shows") {
          try await here.store.connectorStates().first?.failure?.reason == "down"
        }
        // However long it takes, nothing is given up for it.
        let count = gate.all.count
        try await eventually("it is tried again and again") { gate.all.count > count + 5 }
        #expect(try await here.store.deliveries(of: nil).isEmpty)
        gate.refuse(nil)
        // In either order: only what concerns one resource is in order.
        try await eventually("bob appears") { try await there.user("bob") != nil }
        try await eventually("alice follows") { try await there.user("alice")?["title"] == "Head" }
        try await eventually("the failure is over") { try await here.store.connectorStates().first?.failure == nil }
      }
    }
  }

  @Test func aRestartGoesOnWhereTheLastProcessEnded() async throws {
    try await withServer { there in
      try await withOutbound { here in
        here.gates["is2/scim"].refuse { _, _ in EndpointError(.unreachable, "down") }
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        _ = try await here.makeUser("alice")
        try await eventually("the failure shows") { try await here.store.connectorStates().first?.failure != nil }
        // Another process takes over once the first is gone.
        try await here.store.releaseLeases(of: "this")
        let next = try OutboundFixture(here.file, owner: "next")
        try await next.running {
          try await eventually("alice appears") { try await there.user("alice") != nil }
        }
      }
    }
  }

  @Test func oneDeadConnectorDoesNotHoldUpOthers() async throws {
    try await withServer { there in
      try await withOutbound { here in
        here.gates["dead/scim"].refuse { _, _ in EndpointError(.unreachable, "down") }
        try await here.provider("dead", there.connector())
        try await here.provider("is2", there.connector("scim1"))
        try await here.resident("dead", "is2")
        let id = try await here.makeUser("alice")
        try await eventually("alice appears") { try await there.user("alice") != nil }
        try await here.directory.delete(type: here.user, id: id, by: "user:admin")
        try await eventually("alice goes") { try await there.user("alice") == nil }
      }
    }
  }

  @Test func whatKeepsFailingIsADeadLetterUntilItIsAskedForAgain() async throws {
    try await withServer { there in
      try await withOutbound { here in
        here.gates["is2/scim"].refuse { call, attributes in
          call == .create && attributes["userName"] == "alice" ? EndpointError(.rejected, status: 400, "no") : nil
        }
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let alice = try await here.makeUser("alice")
        let bob = try await here.makeUser("bob")
        _ = try await here.makeGroup("crew", members: [alice, bob])
        try await eventually("alice is given up") {
          try await here.store.deliveries(of: "is2/scim").map(\.state) == [.dead]
        }
        let letter = try #require(try await here.store.deliveries(of: "is2/scim").first)
        #expect(letter.id == alice)
        #expect(letter.attempts == 2)
        #expect(letter.reason == "no")
        // The group comes all the same, with whoever is there.
        try await eventually("the group comes") { try await there.memberNames(of: "crew") == ["bob"] }

        here.gates["is2/scim"].refuse(nil)
        #expect(try await here.store.retryDeliveries(of: "is2/scim", id: alice, now: Date()) == 1)
        try await eventually("alice appears in the group") {
          try await there.memberNames(of: "crew") == ["alice", "bob"]
        }
        try await eventually("nothing is left") { try await here.store.deliveries(of: nil).isEmpty }
      }
    }
  }

  @Test func aNewChangeRevivesADeadLetter() async throws {
    try await withServer { there in
      try await withOutbound { here in
        here.gates["is2/scim"].refuse { call, _ in
          call == .create ? EndpointError(.rejected, status: 400, "no") : nil
        }
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let alice = try await here.makeUser("alice")
        try await eventually("alice is given up") {
          try await here.store.deliveries(of: "is2/scim").map(\.state) == [.dead]
        }
        here.gates["is2/scim"].refuse(nil)
        try await here.set("title", "Head", of: alice)
        try await eventually("alice appears") { try await there.user("alice")?["title"] == "Head" }
      }
    }
  }

  @Test func aFullPassRepairsWhatEventsMissed() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        for name in ["alice", "bob"] { try await here.makeUser(name, ["title": "Engineer"]) }
        for name in ["alice", "bob"] { try await eventually("\(name) appears") { try await there.user(name) != nil } }
        let alice = try #require(try await there.user("alice")?["id"]?.string)
        let bob = try #require(try await there.user("bob")?["id"]?.string)
        _ = try await there.send(.DELETE, "/Users/\(alice)")
        let patch = PatchRequest(operations: [PatchOperation(.replace, AttributePath("title"), value: "Clerk")])
        _ = try await there.send(.PATCH, "/Users/\(bob)", .object(patch.json))
        // A change of the connector has everything compared anew.
        let providers = try #require(here.directory.catalog.resourceType("IdentityProvider"))
        let provider = try #require(try await here.directory.list(type: providers).resources.first)
        try await here.patch(
          providers, provider.id,
          PatchOperation(.replace, AttributePath(parsing: "provisioning.blocking"), value: false))
        try await eventually("alice is back") { try await there.user("alice") != nil }
        try await eventually("bob is an engineer again") { try await there.user("bob")?["title"] == "Engineer" }
      }
    }
  }

  @Test func aFullPassThatTakesTooMuchAwayIsHeldBack() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let ids = try await (0..<40).asyncMap { try await here.makeUser("user\($0)") }
        try await eventually("all appear") { try await there.send(.GET, "/Users").json["totalResults"] == 41 }
        // An event that still waits would speak of a user who is gone, and be right to take it away.
        try await eventually("nothing is left") {
          try await here.store.connectorStates().first?.cursor == here.directory.lastEvent()
        }
        // They vanish behind the back of the events, as with a store that was restored from an old copy.
        try await here.store.write { transaction in for id in ids { try transaction.delete(id) } }
        let surroundings = here.provisioning.surroundings
        let settings = try await surroundings.directory.provisioningSettings(endpoints: [])
        let connector = try #require(settings.connectors["is2/scim"])
        let endpoint = try await surroundings.open(connector.declaration)
        await #expect(throws: PassHeldBack.self) { () async throws in
          _ = try await surroundings.provisioner(connector, endpoint).provisionAll(
            .all, after: try await here.directory.lastEvent())
        }
        await endpoint.close()
        #expect(try await there.send(.GET, "/Users").json["totalResults"] == 41)
      }
    }
  }

  @Test func aFullPassMakesAnewWhatIsGoneThere() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let names = (0..<12).map { "user\($0)" }
        for name in names { try await here.makeUser(name) }
        try await eventually("all appear") { try await there.send(.GET, "/Users").json["totalResults"] == 13 }
        try await eventually("nothing is left") {
          try await here.store.connectorStates().first?.cursor == here.directory.lastEvent()
        }
        for name in names {
          let id = try #require(try await there.user(name)?["id"]?.string)
          _ = try await there.send(.DELETE, "/Users/\(id)")
        }
        let surroundings = here.provisioning.surroundings
        let settings = try await surroundings.directory.provisioningSettings(endpoints: [])
        let connector = try #require(settings.connectors["is2/scim"])
        let endpoint = try await surroundings.open(connector.declaration)
        _ = try await surroundings.provisioner(connector, endpoint).provisionAll(
          .all, after: try await here.directory.lastEvent())
        await endpoint.close()
        #expect(try await there.send(.GET, "/Users").json["totalResults"] == 13)
      }
    }
  }

  @Test func ofTwoServersOneWorks() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let other = try OutboundFixture(here.file, owner: "other", gates: here.gates)
        try await other.running {
          for number in 0..<20 { try await (number % 2 == 0 ? here : other).makeUser("user\(number)") }
          try await eventually("all appear") { try await there.send(.GET, "/Users").json["totalResults"] == 21 }
          try await eventually("nothing is left") {
            try await here.store.connectorStates().first?.cursor == here.directory.lastEvent()
          }
          #expect(here.gates["is2/scim"].writes == Array(repeating: .create, count: 20))
        }
      }
    }
  }
}

extension Sequence {
  fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await transform(element)) }
    return values
  }
}
