import Foundation
import JSON
import LocalDirectory
import NIOHTTP1
import OpenID
import SCIM
import Testing

@testable import IdentityServer

/// Identity and service providers in the console, whose forms follow from their schemas; and their secrets, which no page
/// tells.
struct ConsoleProviderTests {
  private static let canary = "canary-4711-secret"

  private func withConsole(_ test: (ServerFixture, TestBrowser) async throws -> Void) async throws {
    try await withServer { server async throws in
      try await test(server, try await TestBrowser.atConsole(server))
    }
  }

  private func path(_ answer: Answer) -> String {
    answer.header("Location")?.split(separator: "?").first.map(String.init) ?? ""
  }

  /// The resource with its secrets.
  private func disclosed(_ server: ServerFixture, _ type: String) async throws -> Resource? {
    guard let type = server.directory.catalog.resourceType(type) else { return nil }
    return try await server.directory.disclosed(type).first
  }

  @Test func anIdentityProviderIsMadeAndKeepsItsSecrets() async throws {
    try await withConsole { server, browser async throws in
      let new = "/console/identity-providers/new"
      let answer = try await browser.fill(
        new,
        [
          "name": "is2", "displayName": "Partner", "authenticators.0.type": "openidconnect",
          "authenticators.0.clientId": "rollcall", "authenticators.0.clientSecret": Self.canary,
          "authenticators.0.issuer": "https://is2.example", "authenticators.0.scopes": "openid\r\nemail",
          "authenticators.0.tls.caFile": "certs/is2.pem", "claims.userId": "sub", "claims.mapping.0.remote": "email",
          "claims.mapping.0.local": "emails[type eq \"work\"].value", "justInTimeProvisioning.enabled": "on",
          "justInTimeProvisioning.prompt": "consent", "provisioning.connectors.0.name": "scim",
          "provisioning.connectors.0.type": "scim2", "provisioning.connectors.0.password": Self.canary,
          "provisioning.connectors.0.enabled": nil, "provisioning.connectors.0.groups": "staff",
        ])
      #expect(answer.status == 303)
      let path = path(answer)
      let created = try await disclosed(server, "IdentityProvider")
      let authenticator: JSONValue = [
        "type": "openidconnect", "clientId": "rollcall", "clientSecret": .string(Self.canary),
        "issuer": "https://is2.example", "scopes": ["openid", "email"], "tls": ["caFile": "certs/is2.pem"],
      ]
      #expect(created?["authenticators"] == [authenticator])
      #expect(created?["justInTimeProvisioning"] == ["enabled": true, "prompt": "consent"])
      let connector: JSONValue = [
        "name": "scim", "type": "scim2", "enabled": false, "password": .string(Self.canary), "groups": ["staff"],
      ]
      #expect(created?["provisioning"]?["connectors"] == [connector])
      #expect(created?["enabled"] == nil)

      let edit = try await browser.get(path + "/edit")
      #expect(!edit.text.contains("name=\"name\""), "what is immutable is not asked for")
      #expect(edit.form(path + "/edit")["authenticators.0.scopes"] == "openid\nemail")
      let saved = try await browser.send(
        edit,
        [
          "enabled": nil, "claims.userId": "", "authenticators.0.scopes": "openid",
          "provisioning.connectors.0.userEndpoint": "https://is2.example/Users",
          "provisioning.connectors.1.name": "second",
        ], to: path + "/edit")
      #expect(saved.status == 303)
      let changed = try await disclosed(server, "IdentityProvider")
      #expect(changed?["enabled"] == false && changed?["claims"]?["userId"] == nil)
      #expect(changed?["authenticators"]?.array?.first?["clientSecret"] == .string(Self.canary))
      #expect(changed?["authenticators"]?.array?.first?["scopes"] == ["openid"])
      #expect(changed?["claims"]?["mapping"] == created?["claims"]?["mapping"])
      let connectors = changed?["provisioning"]?["connectors"]?.array
      #expect(connectors?.count == 2 && connectors?.first?["password"] == .string(Self.canary))
      #expect(connectors?.last == ["name": "second"])
      for page in [
        try await browser.get(path), edit, try await browser.get("/console/identity-providers"),
        try await browser.get("/console/audit"), try await browser.fill(path + "/edit", ["version": "x"]),
        try await browser.fill(new, ["name": "is2", "authenticators.0.clientSecret": Self.canary]),
      ] {
        #expect(!page.text.contains(Self.canary))
      }
    }
  }

  @Test func mistakesOfProvidersAreTold() async throws {
    try await withConsole { server, browser async throws in
      let identity = "/console/identity-providers/new"
      let service = "/console/service-providers/new"
      let mistakes: [(String, [String: String?], Int, String)] = [
        (identity, [:], 400, "name-problem"),
        (
          identity,
          ["name": "a", "provisioning.connectors.0.type": "scim2", "provisioning.connectors.0.username": "x"], 400,
          "provisioning.connectors.0.name-problem"
        ),
        (
          identity,
          ["name": "a", "provisioning.connectors.0.name": "x", "provisioning.connectors.0.rules": "not a filter"], 400,
          "no filter"
        ),
        (
          service, ["name": "a", "inbound.openidconnect.redirectURIs": "http://evil.example/"], 400,
          "inbound.openidconnect.redirectURIs-problem"
        ),
        (
          service, ["name": "a", "inbound.openidconnect.accessTokenLifetime": "soon"], 400,
          "inbound.openidconnect.accessTokenLifetime-problem"
        ),
        (service, ["name": "app"], 409, "name-problem"),
      ]
      _ = try await server.send(.POST, "/ServiceProviders", ["name": "app"])
      for (path, changes, status, words) in mistakes {
        let page = try await browser.fill(path, changes)
        #expect(page.status == status, "\(changes)")
        #expect(page.text.contains(words), "\(changes)")
        for (name, text) in changes { #expect(page.form(path)[name] == text, "\(name) was kept") }
      }
    }
  }

  @Test func noGrantIsOfferedThatIsNotServed() async throws {
    try await withConsole { _, browser async throws in
      let page = try await browser.get("/console/service-providers/new")
      #expect(page.text.contains("inbound.openidconnect.grantTypes.refresh_token"))
      #expect(!page.text.contains("inbound.openidconnect.grantTypes.password"))
    }
  }

  @Test func anApplicationGetsItsSecretOnce() async throws {
    try await withConsole { server, browser async throws in
      let answer = try await browser.fill(
        "/console/service-providers/new",
        [
          "name": "app", "displayName": "App", "inbound.openidconnect.clientId": "app-client",
          "inbound.openidconnect.grantTypes.client_credentials": "on", "inbound.openidconnect.scopes": "users:read",
          "inbound.openidconnect.clientSecret": Self.canary, "authentication.steps.0.local.basic": "on",
        ])
      #expect(answer.status == 303)
      let path = path(answer)
      let application = try await server.find("/ServiceProviders", "name", "app")
      #expect(application?["inbound"]?["openidconnect"]?["grantTypes"] == ["client_credentials"])
      #expect(application?["authentication"]?["steps"] == [["local": ["basic"]]])
      #expect(
        try await server.form("token", "grant_type=client_credentials", as: "app-client:\(Self.canary)").status == 200)

      let question = try await browser.get(path + "/secret")
      #expect(question.text.contains("Make a new client secret for App?"))
      #expect(try await browser.post(path + "/secret", [:]).status == 403)
      let shown = try await browser.send(question, to: path + "/secret")
      let secret = shown.text.components(separatedBy: "<code>").last?.prefix { $0 != "<" }.description ?? ""
      #expect(shown.status == 200 && secret.hasPrefix("rcl_"))
      #expect(shown.header("Cache-Control") == "no-store")
      #expect(try await server.form("token", "grant_type=client_credentials", as: "app-client:\(secret)").status == 200)
      #expect(
        try await server.form("token", "grant_type=client_credentials", as: "app-client:\(Self.canary)").status == 401)
      for page in [path, path + "/edit", path + "/secret", "/console/audit"] {
        #expect(try await !browser.get(page).text.contains(secret))
      }
      #expect(try await browser.fill(path + "/edit", ["displayName": "The app"]).status == 303)
      #expect(try await server.form("token", "grant_type=client_credentials", as: "app-client:\(secret)").status == 200)
      let plain = try await browser.fill("/console/service-providers/new", ["name": "plain"])
      #expect(try await browser.get(self.path(plain) + "/secret").status == 404)
    }
  }
}
