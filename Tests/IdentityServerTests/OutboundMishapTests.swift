import Endpoints
import JSON
import LocalDirectory
import NIOHTTP1
import SCIM
import Testing

@testable import IdentityServer

/// What goes wrong elsewhere when users and groups are provisioned, and must not go wrong here.
struct OutboundMishapTests {
  @Test func aWriteThatIsRefusedHereGoesNowhere() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let alice = try await here.makeUser("alice")
        try await eventually("alice appears") { try await there.user("alice") != nil }
        await #expect(throws: SCIMError.self) { () async throws in try await here.makeUser("ALICE") }
        await #expect(throws: SCIMError.self) { () async throws in try await here.set("userName", .null, of: alice) }
        // What comes next goes on, and is all there is.
        _ = try await here.makeUser("bob")
        try await eventually("bob appears") { try await there.user("bob") != nil }
        #expect(here.gates["is2/scim"].writes == [.create, .create])
      }
    }
  }

  @Test func whatIsGoneThereIsMadeAnewWhenItChangesHere() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let alice = try await here.makeUser("alice")
        let crew = try await here.makeGroup("crew")
        try await eventually("the group comes") { try await there.group("crew") != nil }
        let remote = try #require(try await there.group("crew")?["id"]?.string)
        _ = try await there.send(.DELETE, "/Groups/\(remote)")
        let add = PatchOperation(.add, AttributePath("members"), value: [["value": .string(alice)]])
        try await here.patch(here.group, crew, add)
        try await eventually("it is there again, with its member") {
          try await there.memberNames(of: "crew") == ["alice"]
        }
      }
    }
  }

  @Test func aCredentialThatIsRefusedIsSaidAndNothingIsLost() async throws {
    // Time stands still there, and who guesses too often would wait for ever.
    var patient = ServerSetup()
    patient.limits.perNameAndAddress = ThrottlePolicy(freeAttempts: 1_000_000)
    patient.limits.perAddress = patient.limits.perNameAndAddress
    patient.limits.perName = patient.limits.perNameAndAddress
    try await withServer(patient) { there in
      try await withOutbound { here in
        var connector = there.connector()
        connector["password"] = "wrong-s3cret"
        try await here.provider("is2", connector)
        try await here.resident("is2")
        _ = try await here.makeUser("alice")
        try await eventually("the refusal shows") {
          try await here.store.connectorStates().first?.failure?.reason.contains("401") == true
        }
        let reason = try await here.store.connectorStates().first?.failure?.reason
        #expect(reason?.contains("s3cret") == false)
        #expect(try await here.store.deliveries(of: nil).isEmpty)
        let providers = try #require(here.directory.catalog.resourceType("IdentityProvider"))
        let provider = try #require(try await here.directory.list(type: providers).resources.first)
        let path = try AttributePath(parsing: "provisioning.connectors")
        var right = there.connector()
        right["name"] = "scim"
        try await here.patch(providers, provider.id, PatchOperation(.replace, path, value: [.object(right)]))
        try await eventually("alice appears") { try await there.user("alice") != nil }
      }
    }
  }

  @Test func aDeleteOfWhatIsNotThereHoldsUpNobody() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.provider("is3", there.connector("scim1"))
        try await here.resident("is2", "is3")
        let alice = try await here.makeUser("alice")
        try await eventually("both know her") {
          let first = try await here.store.links(of: "is2/scim")
          let second = try await here.store.links(of: "is3/scim")
          return !first.isEmpty && !second.isEmpty
        }
        let remote = try #require(try await there.user("alice")?["id"]?.string)
        _ = try await there.send(.DELETE, "/Users/\(remote)")
        try await here.directory.delete(type: here.user, id: alice, by: "user:admin")
        try await eventually("both forget her") {
          let first = try await here.store.links(of: "is2/scim")
          let second = try await here.store.links(of: "is3/scim")
          return first.isEmpty && second.isEmpty
        }
        #expect(try await here.store.deliveries(of: nil).isEmpty)
      }
    }
  }
}
