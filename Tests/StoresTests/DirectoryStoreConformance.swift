import Foundation
import JSON
import LocalDirectory
import OpenID
import Testing

/// What the directory expects of every store.
@Suite struct DirectoryStoreConformance {
  static func resource(_ type: String, _ id: String, _ attributes: JSONObject = [:]) -> StoredResource {
    let time = Timestamp.truncated(Date(timeIntervalSince1970: 1_800_000_000.123))
    return StoredResource(type: type, id: id, attributes: attributes, version: 1, created: time, lastModified: time)
  }

  private static func ids(_ type: String, _ narrowing: Narrowing?, _ store: any DirectoryStore) async throws -> [String]
  {
    try await store.read { reader in
      var ids: [String] = []
      try reader.scan(type, narrowedBy: narrowing) { ids.append($0.id) }
      return ids
    }
  }

  private static func key(_ attribute: String, _ value: String) -> Narrowing {
    .key(LookupKey(attribute: attribute, value: value))
  }

  struct Abort: Error {}

  @Test(arguments: StoreUnderTest.allCases) func resourcesComeBackAsTheyWere(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      let attributes: JSONObject = [
        "userName": "älice", "active": true, "n": 1, "list": [["value": "x"], nil],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": ["department": "\"}"], "empty": [:],
      ]
      var alice = Self.resource("User", "u1", attributes)
      try await store.write { [alice] in try $0.insert(alice) }
      #expect(try await store.read { try $0.resource("User", "u1") } == alice)
      #expect(try await store.read { try $0.resource("Group", "u1") } == nil)
      #expect(try await store.readAsText("User", "u1") == alice)
      #expect(try await store.readAsText("Group", "u1") == nil)
      alice.attributes["userName"] = "bob"
      alice.version = 2
      alice.lastModified += 1
      try await store.write { [alice] in try $0.update(alice) }
      #expect(try await store.read { try $0.resource("User", "u1") } == alice)
      try await store.write { try $0.delete("u1") }
      #expect(try await store.read { try $0.resource("User", "u1") } == nil)
      #expect(try await store.read { try $0.count("User") } == 0)
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func scansNarrowByTheIndex(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      var bob = Self.resource("User", "u2", ["userName": "Bob", "externalId": "E2", "emails": [["value": "b@X.org"]]])
      try await store.write { [bob] transaction in
        try transaction.insert(Self.resource("User", "u1", ["userName": "alice", "displayName": "Staff"]))
        try transaction.insert(bob)
        try transaction.insert(Self.resource("Group", "g1", ["displayName": "staff"]))
      }
      #expect(try await Self.ids("User", Self.key("userName", "BOB"), store) == ["u2"])
      #expect(try await Self.ids("User", Self.key("displayName", "staff"), store) == ["u1"])
      #expect(try await Self.ids("Group", Self.key("displayName", "staff"), store) == ["g1"])
      #expect(try await Self.ids("User", Self.key("emails.value", "B@x.org"), store) == ["u2"])
      #expect(try await Self.ids("User", .either(.id("u1"), .id("g1")), store) == ["u1"])
      let either = Narrowing.either(Self.key("externalId", "E2"), Self.key("userName", "alice"))
      #expect(try await Self.ids("User", either, store) == ["u1", "u2"])
      #expect(try await Self.ids("User", nil, store) == ["u1", "u2"])
      bob.attributes["userName"] = "robert"
      try await store.write { [bob] in try $0.update(bob) }
      #expect(try await Self.ids("User", Self.key("userName", "bob"), store) == [])
      #expect(try await Self.ids("User", Self.key("userName", "Robert"), store) == ["u2"])
      try await store.write { try $0.delete("u2") }
      #expect(try await Self.ids("User", Self.key("userName", "robert"), store) == [])
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func spellingsOfOneTextAreOneKey(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      try await store.write { try $0.insert(Self.resource("User", "u1", ["userName": "Jose\u{301}"])) }
      #expect(try await Self.ids("User", Self.key("userName", "JOS\u{c9}"), store) == ["u1"])
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func membershipsReadBothWays(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      let links = ["u1", "u2", "g2"].map { Membership(container: "g1", attribute: "members", member: $0) }
      try await store.write { transaction in
        for id in ["u2", "u1"] {
          try transaction.insert(Self.resource("User", id, ["userName": .string("name of \(id)")]))
        }
        for id in ["g1", "g2"] { try transaction.insert(Self.resource("Group", id, ["displayName": .string(id)])) }
        try transaction.add(links)
        try transaction.add(Array(links.prefix(1)))
      }
      let members = { try await store.read { try $0.members(of: "g1", in: "members") } }
      #expect(try await members().map(\.id) == ["u2", "u1", "g2"])
      #expect(try await members().first == ResourceSummary(type: "User", id: "u2", label: "name of u2"))
      #expect(try await store.read { try $0.members(of: "g1", in: "users") } == [])
      #expect(try await store.read { try $0.members(among: ["u1", "g1", "x"], of: "g1", in: "members") } == ["u1"])
      #expect(
        try await store.read { try $0.containers(of: "u1") } == [ResourceSummary(type: "Group", id: "g1", label: "g1")])
      let containers = try await store.read { try $0.containers(of: ["u2", "g1", "nobody", "g2"]) }
      #expect(containers.mapValues { $0.map(\.id) } == ["u2": ["g1"], "g2": ["g1"]])
      #expect(try await store.read { try $0.summaries(of: ["u1", "nobody", "g1"]).map(\.id) } == ["u1", "g1"])
      try await store.write { try $0.remove([links[1]]) }
      #expect(try await members().map(\.id) == ["u1", "g2"])
      try await store.write { try $0.delete("u1") }
      #expect(try await members().map(\.id) == ["g2"])
      try await store.write { try $0.delete("g1") }
      #expect(try await store.read { try $0.containers(of: "g2") } == [])
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func passwordsGoWithTheirUsers(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      try await store.write { transaction in
        try transaction.insert(Self.resource("User", "u1"))
        try transaction.setPasswordHash("one", of: "u1")
        try transaction.setPasswordHash("two", of: "u1")
      }
      #expect(try await store.read { try $0.passwordHash(of: "u1") } == "two")
      try await store.write { try $0.update(Self.resource("User", "u1", ["title": "Dr"])) }
      #expect(try await store.read { try $0.passwordHash(of: "u1") } == "two")
      try await store.write { try $0.setPasswordHash(nil, of: "u1") }
      #expect(try await store.read { try $0.passwordHash(of: "u1") } == nil)
      try await store.write { transaction in
        try transaction.setPasswordHash("three", of: "u1")
        try transaction.delete("u1")
        try transaction.insert(Self.resource("User", "u1"))
      }
      #expect(try await store.read { try $0.passwordHash(of: "u1") } == nil)
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func identitiesBelongToOneUser(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      let bob = FederatedIdentity(issuer: "https://b.example", subject: "Bob")
      let others = [("https://a.example", "Bob"), ("https://b.example", "bob")].map(FederatedIdentity.init)
      try await store.write { transaction in
        for id in ["u1", "u2"] { try transaction.insert(Self.resource("User", id)) }
        try transaction.add(bob, to: "u1")
        try transaction.add(others[0], to: "u1")
      }
      #expect(try await store.read { try $0.user(of: bob) } == "u1")
      #expect(try await store.read { try $0.user(of: others[1]) } == nil, "subjects are compared exactly")
      #expect(try await store.read { try $0.identities(of: "u1") } == [others[0], bob])
      #expect(try await store.read { try $0.identities(of: "u2") } == [])
      await #expect(throws: Abort.self) {
        try await store.write { transaction in
          try transaction.add(others[1], to: "u2")
          try transaction.delete("u1")
          throw Abort()
        }
      }
      #expect(try await store.read { try $0.user(of: bob) } == "u1")
      #expect(try await store.read { try $0.user(of: others[1]) } == nil)
      try await store.write { transaction in
        try transaction.delete("u1")
        try transaction.insert(Self.resource("User", "u1"))
      }
      #expect(try await store.read { try $0.user(of: bob) } == nil)
      try await store.write { try $0.add(bob, to: "u2") }
      #expect(try await store.read { try $0.user(of: bob) } == "u2")
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func eventsAreNumberedInTheirOrder(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      let event = DirectoryEvent(
        time: Timestamp.truncated(Date(timeIntervalSince1970: 1_800_000_000.5)),
        author: Author(name: "carol", address: "192.0.2.7"), action: .update,
        resourceType: "Group", id: "g1",
        attributes: .difference(AttributeDifference(before: ["title": "a"], after: ["title": "b", "active": true])),
        membership: MembershipChange(
          added: [
            Membership(container: "g1", attribute: "members", member: "u1"),
            Membership(container: "g1", attribute: "members", member: "u3"),
            Membership(container: "g1", attribute: "users", member: "u1"),
          ],
          removed: [Membership(container: "g1", attribute: "members", member: "u2")]),
        changesPassword: true)
      try await store.write { transaction in
        for _ in 1...3 { try transaction.append(event) }
      }
      let events = try await store.read { try $0.events(after: 0, limit: 10) }
      #expect(events.map(\.sequence) == [1, 2, 3])
      var first = event
      first.sequence = 1
      #expect(events.first == first)
      #expect(try await store.read { try $0.events(after: 1, limit: 1).map(\.sequence) } == [2])
      #expect(try await store.read { try $0.events(after: 3, limit: 1) } == [])
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func changesOfOneResourceAreFound(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      let records: [(DirectoryEvent.Action, String, AttributeRecord)] = [
        (.create, "u1", .created), (.update, "u1", .whole(before: ["a": 1], after: [:])),
        (.update, "u2", .created), (.delete, "u1", .whole(before: ["a": 2], after: nil)), (.create, "u1", .created),
        (.update, "u1", .difference(AttributeDifference(before: ["a": 3]))),
      ]
      try await store.write { transaction in
        for (action, id, attributes) in records {
          try transaction.append(
            DirectoryEvent(
              time: Date(timeIntervalSince1970: 0), author: "", action: action, resourceType: "User", id: id,
              attributes: attributes))
        }
      }
      let changes = try await store.read { try $0.changes(of: "u1", after: 0, limit: 9) }
      #expect(changes.map(\.sequence) == [2, 4, 6])
      #expect(changes.map(\.attributes) == [1, 3, 5].map { records[$0].2 })
      #expect(try await store.read { try $0.changes(of: "u1", after: 2, limit: 1).map(\.sequence) } == [4])
      #expect(try await store.read { try $0.changes(of: "u1", after: 6, limit: 9) } == [])
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func whatThrowsLeavesNothing(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      let link = Membership(container: "g1", attribute: "members", member: "u1")
      let event = DirectoryEvent(
        time: Date(timeIntervalSince1970: 0), author: "", action: .create, resourceType: "", id: "")
      try await store.write { transaction in
        try transaction.insert(Self.resource("User", "u1", ["userName": "alice"]))
        try transaction.insert(Self.resource("Group", "g1"))
        try transaction.add([link])
        try transaction.setPasswordHash("one", of: "u1")
        try transaction.append(event)
      }
      await #expect(throws: Abort.self) {
        try await store.write { transaction in
          try transaction.append(event)
          try transaction.setPasswordHash("two", of: "u1")
          try transaction.insert(Self.resource("User", "u2", ["userName": "bob"]))
          try transaction.update(Self.resource("User", "u1", ["userName": "carol"]))
          try transaction.remove([link])
          try transaction.delete("u1")
          try transaction.delete("g1")
          throw Abort()
        }
      }
      #expect(try await Self.ids("User", Self.key("userName", "alice"), store) == ["u1"])
      #expect(try await Self.ids("User", Self.key("userName", "carol"), store) == [])
      #expect(try await store.read { try $0.page("User", offset: 0, limit: 9).map(\.id) } == ["u1"])
      #expect(try await store.read { try $0.members(of: "g1", in: "members").map(\.id) } == ["u1"])
      #expect(try await store.read { try $0.containers(of: "u1").map(\.id) } == ["g1"])
      #expect(try await store.read { try $0.passwordHash(of: "u1") } == "one")
      try await store.write { try $0.append(event) }
      #expect(try await store.read { try $0.events(after: 0, limit: 9).map(\.sequence) } == [1, 2])
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func writersDoNotDisturbEachOther(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<100 {
          group.addTask {
            do {
              return try await store.write { transaction in
                try transaction.insert(Self.resource("User", "u\(number)"))
                if number % 10 == 3 { throw Abort() }
                return true
              }
            } catch is Abort {
              return false
            }
          }
        }
        let successes = try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        #expect(successes == 90)
      }
      #expect(try await store.read { try $0.count("User") } == 90)
      #expect(try await store.read { try $0.resource("User", "u13") } == nil)
    }
  }
}
