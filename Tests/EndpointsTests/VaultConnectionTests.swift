import Foundation
import JSON
import Reconciliation
import Testing

@testable import Endpoints

@Suite struct VaultConnectionTests {
  private static let token = "hvs.canary-token"

  private func use(
    _ server: VaultTestServer, login: VaultConnection.Login = .token(Secret(token)), namespace: String? = nil,
    now: @escaping @Sendable () -> Date = { Date(timeIntervalSince1970: 0) },
    _ body: @escaping @Sendable (VaultConnection) async throws -> Void
  ) async throws {
    try await server.run { url in
      var settings = VaultConnection.Settings(address: url, login: login, userAgent: "rollcall/test")
      settings.namespace = namespace
      try await body(VaultConnection(settings, now: now))
    }
  }

  private func expectPassword(of vault: VaultConnection) async throws {
    let people = try await vault.secret(at: "secret/data/people")
    #expect(people["password"] == "hush")
  }

  private func refusal(_ path: String, of vault: VaultConnection) async -> EndpointError? {
    let error = await #expect(throws: EndpointError.self) { try await vault.secret(at: path) }
    #expect(error?.message.contains("canary") == false)
    return error
  }

  @Test func theNewestVersion() async throws {
    let server = VaultTestServer(tokens: [Self.token])
    try await use(server) { vault in
      let people = try await vault.secret(at: "secret/data/people")
      #expect(people == ["password": "hush", "port": 8080])
      let deeper = try await vault.secret(at: "team one/kv/data/deep/er")
      #expect(deeper == ["a": "b"])
    }
    #expect(server.paths == ["/v1/secret/data/people", "/v1/team%20one/kv/data/deep/er"])
  }

  @Test func namespaces() async throws {
    let server = VaultTestServer(tokens: [Self.token], namespace: "corp/identity")
    try await use(server, namespace: "corp/identity") { vault in
      try await expectPassword(of: vault)
    }
    try await use(server) { vault in
      #expect(await refusal("secret/data/people", of: vault)?.kind == .forbidden)
    }
  }

  @Test func whatVaultSaysInWords() async throws {
    try await use(VaultTestServer(tokens: [Self.token])) { vault in
      var error = await refusal("secret/data/nobody", of: vault)
      #expect(error?.kind == .notFound)
      #expect(error?.message == "Vault: there is no secret secret/data/nobody")
      error = await refusal("secret/data/deleted", of: vault)
      #expect(error?.message == "Vault: the newest version of secret/data/deleted was deleted")
      error = await refusal("secret/people", of: vault)
      #expect(error?.kind == .misconfigured)
      #expect(error?.message.contains("no path of a KV version 2 engine (Invalid path for a versioned") == true)
      error = await refusal("secret/data/forbidden", of: vault)
      #expect(error?.kind == .forbidden)
      #expect(error?.message.contains("permission denied") == true)
      error = await refusal("version1/data/people", of: vault)
      #expect(error?.message.contains("its path is MOUNT/data/NAME") == true)
      error = await refusal("secret/data/sealed", of: vault)
      #expect(error?.isTransient == true)
      #expect(error?.message == "Vault: status 503 (Vault is sealed)")
      error = await refusal("secret/data/standby", of: vault)
      #expect(error?.message.contains("standby node") == true)
      error = await refusal("secret/data/page", of: vault)
      #expect(error?.message == "Vault: status 502")
    }
  }

  @Test func aTokenThatIsNoLongerGood() async throws {
    try await use(VaultTestServer(tokens: [])) { vault in
      #expect(await refusal("secret/data/people", of: vault)?.kind == .forbidden)
    }
  }

  @Test func aTokenFileIsReadEachTime() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("vault-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try await use(VaultTestServer(tokens: [Self.token]), login: .tokenFile(file.path)) { vault in
      #expect(await refusal("secret/data/people", of: vault)?.message.contains("cannot be read") == true)
      try Data("\(Self.token)\n".utf8).write(to: file)
      try await expectPassword(of: vault)
    }
  }

  @Test func serviceAccountsOfKubernetes() async throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("jwt-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("canary.service.account".utf8).write(to: file)
    let server = VaultTestServer(tokens: [], identity: "canary.service.account")
    let clock = SettableDate()
    let login = VaultConnection.Login.kubernetes(role: "rollcall", mount: "kubernetes", tokenFile: file.path)
    try await use(server, login: login, now: { clock.now }) { vault in
      for _ in 0..<3 { try await expectPassword(of: vault) }
      #expect(server.logins == 1)
      // A lease of an hour is renewed before it ends.
      clock.advance(3300)
      try await expectPassword(of: vault)
      #expect(server.logins == 2)
      server.revoke()
      try await expectPassword(of: vault)
      #expect(server.logins == 3)
      #expect(await refusal("secret/data/forbidden", of: vault)?.kind == .forbidden)
    }
    let stranger = VaultConnection.Login.kubernetes(role: "stranger", mount: "kubernetes", tokenFile: file.path)
    try await use(server, login: stranger) { vault in
      let error = await refusal("secret/data/people", of: vault)
      #expect(error?.kind == .unauthorized)
      #expect(error?.message.contains("role stranger was answered with status 400 (invalid role name") == true)
    }
  }

  @Test func plaintextIsForTheLoopback() async throws {
    let settings = VaultConnection.Settings(
      address: "http://vault.example:8200", login: .token(Secret(Self.token)), userAgent: "rollcall/test")
    let vault = VaultConnection(settings, now: { Date(timeIntervalSince1970: 0) })
    #expect(await refusal("secret/data/people", of: vault)?.kind == .misconfigured)
  }
}
