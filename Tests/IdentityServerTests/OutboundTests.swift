import Endpoints
import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import Reconciliation
import SCIM
import Testing

@testable import IdentityServer

/// What is committed here comes to be there, over the wire of a real server.
struct OutboundTests {
  @Test(arguments: ["scim1", "scim2"]) func aUserComesChangesAndGoes(_ type: String) async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector(type))
        try await here.resident("is2")
        let name: JSONValue = ["givenName": "Rashmini", "familyName": "N"]
        let id = try await here.makeUser(
          "rashmini", ["name": name, "emails": [["value": "rash@gmail.com", "type": "home"]], "active": true])
        try await eventually("she appears") { try await there.user("rashmini") != nil }
        #expect(try await there.user("rashmini")?["name"]?["familyName"] == "N")
        #expect(try await there.user("rashmini")?["emails"]?.array?.first?["value"] == "rash@gmail.com")

        try await here.set("name.familyName", "Nandasena", of: id)
        try await eventually("her name changes") {
          try await there.user("rashmini")?["name"]?["familyName"] == "Nandasena"
        }
        try await here.set("active", false, of: id)
        try await eventually("she is disabled") { try await there.user("rashmini")?["active"] == false }
        try await here.set("active", true, of: id)
        try await eventually("she is enabled") { try await there.user("rashmini")?["active"] == true }
        try await here.patch(here.user, id, PatchOperation(.remove, AttributePath("emails")))
        try await eventually("her address goes") { try await there.user("rashmini")?["emails"] == nil }
        try await here.set("userName", "rash", of: id)
        try await eventually("she is renamed") { try await there.user("rash") != nil }
        #expect(try await there.user("rashmini") == nil)
        try await here.directory.delete(type: here.user, id: id, by: "user:admin")
        try await eventually("she goes") { try await there.user("rash") == nil }
        try await eventually("she is forgotten") { try await here.store.links(of: "is2/scim").isEmpty }
        #expect(try await there.user("admin") != nil)
      }
    }
  }

  @Test(arguments: ["scim1", "scim2"]) func aGroupFollowsAndStrangersStay(_ type: String) async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector(type))
        try await here.resident("is2")
        let alice = try await here.makeUser("alice")
        let bob = try await here.makeUser("bob")
        let group = try await here.makeGroup("crew", members: [alice])
        try await eventually("the group comes with its member") {
          try await there.memberNames(of: "crew") == ["alice"]
        }
        let stranger = try await there.makeUser("stranger")
        let remote = try #require(try await there.group("crew")?["id"]?.string)
        let add = PatchOperation(.add, AttributePath("members"), value: [["value": .string(stranger)]])
        _ = try await there.send(.PATCH, "/Groups/\(remote)", .object(PatchRequest(operations: [add]).json))

        try await here.patch(
          here.group, group, PatchOperation(.add, AttributePath("members"), value: [["value": .string(bob)]]))
        try await eventually("bob comes") {
          try await there.memberNames(of: "crew") == ["alice", "bob", "stranger"]
        }
        let isAlice = Filter.compare(AttributePath("value"), .equal, .string(alice))
        try await here.patch(
          here.group, group, PatchOperation(.remove, AttributePath("members", valueFilter: isAlice)))
        try await eventually("alice leaves") { try await there.memberNames(of: "crew") == ["bob", "stranger"] }
        try await here.directory.delete(type: here.user, id: bob, by: "user:admin")
        try await eventually("bob is deleted") { try await there.memberNames(of: "crew") == ["stranger"] }
        try await here.directory.delete(type: here.group, id: group, by: "user:admin")
        try await eventually("the group goes") { try await there.group("crew") == nil }
        #expect(try await there.user("stranger") != nil)
      }
    }
  }

  @Test func nothingIsSentThatTheDifferenceDoesNotNeed() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let id = try await here.makeUser("alice", ["title": "Engineer"])
        try await eventually("alice appears") { try await there.user("alice") != nil }
        #expect(here.gates["is2/scim"].writes == [.create])
        try await here.set("title", "Head", of: id)
        try await eventually("her title changes") { try await there.user("alice")?["title"] == "Head" }
        #expect(here.gates["is2/scim"].writes == [.create, .update])
        // What is there already is not sent again.
        let remote = try #require(try await there.user("alice")?["id"]?.string)
        let patch = PatchRequest(operations: [PatchOperation(.replace, AttributePath("title"), value: "Chief")])
        _ = try await there.send(.PATCH, "/Users/\(remote)", .object(patch.json))
        try await here.set("title", "Chief", of: id)
        try await delivered(here)
        #expect(here.gates["is2/scim"].writes == [.create, .update])
      }
    }
  }

  @Test func whatWasThereBeforeTheConnectorComesToo() async throws {
    try await withServer { there in
      try await withOutbound { here in
        let alice = try await here.makeUser("alice")
        _ = try await here.makeGroup("crew", members: [alice])
        _ = try await there.makeUser("alice", ["title": "Old hand"])
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        try await eventually("the group comes") { try await there.memberNames(of: "crew") == ["alice"] }
        // Adopted by her name, not made twice.
        #expect(try await there.send(.GET, "/Users").json["totalResults"] == 2)
        let links = try await here.store.links(of: "is2/scim", to: [alice])
        #expect(links.map(\.isAdopted) == [true])
        #expect(try await there.user("alice")?["title"] == "Old hand")
      }
    }
  }

  @Test func theAccountThatWeSignInWithIsLeftAlone() async throws {
    try await withServer { there in
      try await withOutbound { here in
        let admin = try await here.makeUser("Admin", ["title": "Not you"])
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        _ = try await here.makeUser("alice")
        try await eventually("alice appears") { try await there.user("alice") != nil }
        try await here.directory.delete(type: here.user, id: admin, by: "user:admin")
        try await delivered(here)
        #expect(try await there.user("admin")?["title"] == nil)
        #expect(try await there.user("admin") != nil)
      }
    }
  }

  @Test func aFilterIsJudgedByWhatAUserIsNow() async throws {
    try await withServer { there in
      try await withOutbound { here in
        let rule: JSONValue = "title eq \"Engineer\""
        try await here.provider("is2", there.connector("scim2", ["groups": ["crew"], "rules": [rule]]))
        try await here.resident("is2")
        let alice = try await here.makeUser("alice", ["title": "Engineer"])
        let bob = try await here.makeUser("bob", ["title": "Clerk"])
        let crew = try await here.makeGroup("crew", members: [bob])
        _ = try await here.makeGroup("others", members: [alice])
        try await eventually("the group comes") { try await there.group("crew") != nil }
        #expect(try await there.user("alice") == nil)
        #expect(try await there.user("bob") == nil)
        #expect(try await there.group("others") == nil)

        try await here.patch(
          here.group, crew, PatchOperation(.add, AttributePath("members"), value: [["value": .string(alice)]]))
        try await eventually("alice is let in") { try await there.memberNames(of: "crew") == ["alice"] }
        try await here.set("title", "Engineer", of: bob)
        try await eventually("bob is let in") { try await there.memberNames(of: "crew") == ["alice", "bob"] }
        try await here.set("title", "Clerk", of: alice)
        try await eventually("alice is taken out") { try await there.user("alice") == nil }
        try await here.directory.delete(type: here.group, id: crew, by: "user:admin")
        try await eventually("nobody is left") { try await there.user("bob") == nil }
      }
    }
  }

  @Test func namesGetTheDomainOfTheFarSide() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector("scim1", ["userStoreDomain": "SECONDARY"]))
        try await here.resident("is2")
        let alice = try await here.makeUser("alice")
        _ = try await here.makeGroup("crew", members: [alice])
        try await eventually("the group comes") { try await there.group("SECONDARY/crew") != nil }
        #expect(try await there.user("SECONDARY/alice") != nil)
        #expect(try await there.memberNames(of: "SECONDARY/crew").count == 1)
      }
    }
  }

  @Test func aConnectorMayNameAnEndpointWithAMapping() async throws {
    try await withServer { there in
      var endpoint = EndpointDeclaration(
        name: "remote", driver: .scim2, url: there.base,
        authentication: .basic(username: "admin", password: .literal(Secret("admin"))))
      endpoint.mapping = [
        AttributeMapping(to: AttributePath("userName"), from: .template([.attribute(AttributePath("externalId"))]))
      ]
      endpoint.scope.kinds = ["User"]
      try await withOutbound(endpoints: [endpoint]) { here in
        try await here.provider("is2", ["endpoint": "remote"])
        try await here.resident("is2")
        let id = try await here.makeUser("alice", ["externalId": "E1"])
        try await eventually("she comes under another name") { try await there.user("E1") != nil }
        #expect(try await there.user("alice") == nil)
        try await here.directory.delete(type: here.user, id: id, by: "user:admin")
        try await eventually("she goes") { try await there.user("E1") == nil }
      }
    }
  }

  @Test func rolesAreToldWhereAMappingWantsThem() async throws {
    try await withServer { there in
      var endpoint = EndpointDeclaration(
        name: "remote", driver: .scim2, url: there.base,
        authentication: .basic(username: "admin", password: .literal(Secret("admin"))))
      endpoint.mapping = [AttributeMapping(to: AttributePath("entitlements"), from: .roles)]
      try await withOutbound(endpoints: [endpoint]) { here in
        try await here.provider("is2", ["endpoint": "remote"])
        try await here.resident("is2")
        let alice = try await here.makeUser("alice")
        try await eventually("alice appears") { try await there.user("alice") != nil }
        let role = try await here.create(
          "Role", ["displayName": "auditor", "users": [["value": .string(alice)]]])
        try await eventually("her role is told") {
          try await there.user("alice")?["entitlements"]?.array?.first?["value"] == "auditor"
        }
        let roles = try #require(here.directory.catalog.resourceType("Role"))
        try await here.directory.delete(type: roles, id: role.id, by: "user:admin")
        try await eventually("and taken back") { try await there.user("alice")?["entitlements"] == nil }
        #expect(try await there.send(.GET, "/Roles").json["totalResults"] == 0)
      }
    }
  }

  /// Waits until the connector has dealt with every event.
  private func delivered(_ here: OutboundFixture, _ connector: String = "is2/scim") async throws {
    let last = try await here.directory.lastEvent()
    try await eventually("the connector catches up") {
      try await here.store.connectorStates().first { $0.name == connector }?.cursor == last
    }
  }
}
