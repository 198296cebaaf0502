import Endpoints
import Foundation
import JSON
import LocalDirectory
import Reconciliation
import SCIM
import Testing

@testable import IdentityServer

/// Who goes where, what is secret, and who waits.
struct OutboundPolicyTests {
  @Test func anApplicationProvisionsByItsOwnList() async throws {
    try await withServer { there in
      try await withServer { elsewhere in
        try await withOutbound { here in
          try await here.provider("is2", there.connector())
          try await here.provider("is3", elsewhere.connector())
          _ = try await here.create(
            "ServiceProvider",
            [
              "name": "payroll", "inbound": ["openidconnect": ["clientId": "payroll"]],
              "outboundProvisioning": [["identityProvider": "is3"]],
            ])
          _ = try await here.create(
            "ServiceProvider", ["name": "wiki", "inbound": ["openidconnect": ["clientId": "wiki"]]])
          let early = try await here.makeUser("early", by: "client:payroll")
          try await eventually("early comes by payroll") { try await elsewhere.user("early") != nil }
          try await here.resident("is2")
          let alice = try await here.makeUser("alice", by: "client:payroll")
          _ = try await here.makeUser("bob", by: "client:wiki")
          try await eventually("alice comes by payroll") { try await elsewhere.user("alice") != nil }
          try await eventually("bob comes by the resident's list") { try await there.user("bob") != nil }
          #expect(try await there.user("alice") == nil)
          #expect(try await there.user("early") == nil)
          #expect(try await elsewhere.user("bob") == nil)
          // Whoever is provisioned once is kept in step, whoever changes it; and is taken up when asked for there.
          try await here.set("title", "Head", of: alice)
          try await eventually("alice comes by the administrator") { try await there.user("alice") != nil }
          try await eventually("alice follows") { try await elsewhere.user("alice")?["title"] == "Head" }
          try await here.directory.delete(type: here.user, id: alice, by: "client:payroll")
          try await eventually("alice goes everywhere") {
            let left = [try await there.user("alice"), try await elsewhere.user("alice")]
            return left == [nil, nil]
          }
          #expect(try await here.store.exemptions(of: "is2/scim").contains(early))
        }
      }
    }
  }

  /// Who asked for a newcomer is written in the event, so a pass that comes before it, the first one or one after an outage,
  /// must not take the newcomer up.
  @Test(arguments: [true, false])
  func aPassLeavesNewcomersToTheirEvents(isFirst: Bool) async throws {
    try await withServer { there in
      try await withOutbound(isRunning: false) { here in
        try await here.provider("is2", there.connector("scim2", ["passwordProvisioning": true]))
        try await here.provider("is3", there.connector())
        try await here.resident("is2")
        _ = try await here.create(
          "ServiceProvider",
          [
            "name": "payroll", "inbound": ["openidconnect": ["clientId": "payroll"]],
            "outboundProvisioning": [["identityProvider": "is3"]],
          ])
        let surroundings = here.provisioning.surroundings
        let settings = try await surroundings.directory.provisioningSettings(endpoints: [])
        let connector = try #require(settings.connectors["is2/scim"])
        let endpoint = try await surroundings.open(connector.declaration)
        let rounds = ConnectorRounds(
          provisioner: surroundings.provisioner(connector, endpoint), routes: settings.routes,
          surroundings: surroundings)
        let end = Date().addingTimeInterval(60)
        var state = try #require(try await here.store.lease("is2/scim", to: "this", until: end, now: Date()))
        state.cursor = isFirst ? nil : try await here.directory.lastEvent()
        let newcomers = { @Sendable in
          do {
            try await here.makeUser("alice", by: "client:payroll")
            try await here.makeUser("carol", ["password": "correct-horse-battery"])
          } catch { Issue.record(error) }
        }
        if isFirst { here.gates["is2/scim"].meanwhile(newcomers) } else { await newcomers() }
        let pass = try await rounds.pass(state).round
        #expect(try await here.store.record(pass, by: "this", now: Date()))
        #expect(try await there.user("alice") == nil)
        _ = try #require(try await rounds.deliver(pass.state))
        #expect(try await there.user("alice") == nil)
        #expect(try await there.user("carol") != nil)
        let signedIn = try await there.directory.authenticate(userName: "carol", password: "correct-horse-battery")
        #expect(signedIn != nil)
        await endpoint.close()
      }
    }
  }

  @Test func passwordsGoAlongSealedAndAreErased() async throws {
    let secret = "correct-horse-battery"
    try await withServer { there in
      try await withOutbound { here in
        let gate = here.gates["is2/scim"]
        try await here.provider("is2", there.connector("scim1", ["passwordProvisioning": true]))
        try await here.resident("is2")
        gate.refuse { _, _ in EndpointError(.unreachable, "down") }
        let id = try await here.makeUser("alice", ["password": .string(secret)])
        let sealed = try #require(try await here.store.sealedPasswords(for: "is2/scim")[id])
        #expect(!sealed.contains(secret))
        gate.refuse(nil)
        try await eventually("she signs in there") {
          try await there.directory.authenticate(userName: "alice", password: secret) != nil
        }
        try await eventually("the password is erased") {
          try await here.store.sealedPasswords(for: "is2/scim").isEmpty
        }
        try await here.directory.setPassword("another-\(secret)", of: id, by: "user:admin")
        try await eventually("she signs in with the new one") {
          try await there.directory.authenticate(userName: "alice", password: "another-\(secret)") != nil
        }
        try await eventually("the password is erased") {
          try await here.store.sealedPasswords(for: "is2/scim").isEmpty
        }
        try expectNowhere(secret, except: "hash of", in: here)
      }
    }
  }

  @Test func passwordsAreKeptForNobodyWhoDoesNotWantThem() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector())
        try await here.resident("is2")
        let id = try await here.makeUser("alice", ["password": "correct-horse"])
        try await eventually("alice appears") { try await there.user("alice") != nil }
        #expect(try await here.store.sealedPasswords(for: "is2/scim").isEmpty)
        #expect(try await there.directory.authenticate(userName: "alice", password: "correct-horse") == nil)
        #expect(!id.isEmpty)
      }
    }
  }

  @Test func secretsOfConnectorsAreSealedAndUsable() async throws {
    try await withServer { there in
      try await withOutbound { here in
        var connector = there.connector()
        connector["token"] = .string(ServerFixture.token)
        connector["username"] = nil
        connector["password"] = nil
        let provider = try await here.provider("is2", connector)
        try await here.resident("is2")
        #expect(!JSONValue.object(provider.attributes).text.contains(ServerFixture.token))
        _ = try await here.makeUser("alice")
        try await eventually("alice appears") { try await there.user("alice") != nil }
        let providers = try #require(here.directory.catalog.resourceType("IdentityProvider"))
        let before = try await here.directory.resource(type: providers, id: provider.id).version
        // Written again without the secret, and with the same one: nothing changes.
        for token in [nil, ServerFixture.token] {
          connector["token"] = token.map(JSONValue.string)
          connector["name"] = "scim"
          _ = try await here.directory.replace(
            type: providers, id: provider.id,
            attributes: ["name": "is2", "provisioning": ["connectors": [.object(connector)]]], by: "user:admin")
        }
        #expect(try await here.directory.resource(type: providers, id: provider.id).version == before)
        try expectNowhere(ServerFixture.token, in: here)
      }
    }
  }

  @Test func whoBlocksIsWaitedFor() async throws {
    try await withServer { there in
      try await withOutbound { here in
        try await here.provider("is2", there.connector(), blocking: true)
        try await here.resident("is2")
        let id = try await here.makeUser("alice")
        #expect(try await there.user("alice") != nil)
        try await here.set("title", "Head", of: id)
        #expect(try await there.user("alice")?["title"] == "Head")

        here.gates["is2/scim"].refuse { _, _ in EndpointError(.unreachable, "nobody answers") }
        let refusal = await #expect(throws: SCIMError.self) { () async throws in
          try await here.makeUser("bob")
        }
        #expect(refusal?.status == 502)
        #expect(refusal?.detail.contains("nobody answers") == true)
        // The write stays, and arrives later.
        let users = try await here.directory.list(type: here.user).resources.compactMap(\.userName)
        #expect(users.contains("bob"))
        here.gates["is2/scim"].refuse { call, _ in
          call == .create ? EndpointError(.rejected, status: 400, "not this one") : nil
        }
        let rejection = await #expect(throws: SCIMError.self) { () async throws in
          try await here.makeUser("carol")
        }
        #expect(rejection?.detail.contains("not this one") == true)
        here.gates["is2/scim"].refuse(nil)
        try await here.set("title", "Chief", of: id)
        #expect(try await there.user("alice")?["title"] == "Chief")
      }
    }
  }

  @Test func whatIsWrongWithAConnectorIsSaid() async throws {
    try await withOutbound { here in
      try await here.provider("a", ["type": "google"])
      try await here.provider("b", ["type": "scim2", "userEndpoint": "https://x.example/People"])
      try await here.provider("c", ["endpoint": "nowhere"])
      try await here.provider("d", ["type": "scim1", "userEndpoint": "https://x.example/Users", "username": "admin"])
      try await here.resident("a", "b", "c", "d", "e")
      let settings = try await here.directory.provisioningSettings(endpoints: [])
      #expect(settings.connectors.isEmpty)
      let words = [
        "declare an Endpoint", "/Users and /Groups", "no Endpoint \"nowhere\"", "no `password`", "not there",
      ]
      #expect(settings.problems.count == words.count)
      for word in words { #expect(settings.problems.contains { $0.contains(word) }) }
    }
  }

  @Test(
    arguments: [
      ["name": "a/b", "type": "scim2"], ["name": "a", "type": "scim2", "rules": ["title eq"]],
    ] as [JSONObject])
  func connectorsThatCouldNeverWorkAreRefused(_ connector: JSONObject) async throws {
    try await withOutbound { here in
      let refusal = await #expect(throws: SCIMError.self) { () async throws in
        try await here.create(
          "IdentityProvider", ["name": "is2", "provisioning": ["connectors": [.object(connector)]]])
      }
      #expect(refusal?.status == 400)
    }
  }

  /// The files of the store do not hold the text, except behind a word.
  private func expectNowhere(_ secret: String, except word: String? = nil, in here: OutboundFixture) throws {
    let folder = URL(fileURLWithPath: here.file).deletingLastPathComponent()
    for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      var text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      if let word {
        text = text.replacing("\(word) \(secret)", with: "").replacing("\(word) another-\(secret)", with: "")
      }
      #expect(!text.contains(secret), "\(file.lastPathComponent) holds a secret")
    }
  }
}
