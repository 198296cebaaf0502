import Foundation
import LocalDirectory
import Reconciliation
import Testing

@testable import Endpoints

@Suite struct EndpointFactoryTests {
  private struct Unset: Error, CustomStringConvertible { let description = "TOKEN is not set" }

  private let factory = EndpointFactory(
    userAgent: "rollcall/test",
    secret: { reference in
      guard case .literal(let secret) = reference else { throw Unset() }
      return secret
    }, directory: { _ in .forTests() })

  @Test func embedded() async throws {
    #expect(try await factory.endpoint(for: .embedded) is DirectoryEndpoint)
  }

  @Test func scim2() async throws {
    let endpoint = try await factory.endpoint(
      for: EndpointDeclaration(
        name: "remote", driver: .scim2, url: "https://h.example/scim2",
        authentication: .basic(username: "admin", password: .literal(Secret("x")))))
    #expect(endpoint.name == "remote")
    #expect(endpoint.ownUserName == "admin")
    await endpoint.close()
  }

  @Test func scim1() async throws {
    var declaration = EndpointDeclaration(
      name: "legacy", driver: .scim1, authentication: .basic(username: "admin", password: .literal(Secret("x"))))
    #expect(
      await failure { _ = try await factory.endpoint(for: declaration) }?.message.contains("userEndpoint") == true)
    declaration.settings = .scim1(SCIM1Settings(userEndpoint: "https://h.example/wso2/scim/Users"))
    let endpoint = try await factory.endpoint(for: declaration)
    #expect(endpoint.ownUserName == "admin")
    #expect(endpoint is SCIM1Endpoint)
    await endpoint.close()
  }

  @Test func salesforce() async throws {
    let client = OAuth2Client(
      tokenURL: "https://login.salesforce.com/services/oauth2/token", clientID: .literal(Secret("3MVG9")),
      grant: .clientCredentials(secret: .literal(Secret("x"))))
    var declaration = EndpointDeclaration(
      name: "crm", driver: .salesforce, url: "https://corp.my.salesforce.com", authentication: .oauth2(client))
    let records = try await factory.endpoint(for: declaration)
    #expect(records is SalesforceEndpoint)
    await records.close()
    declaration.settings = .salesforce(SalesforceSettings(mode: .scim))
    let resources = try await factory.endpoint(for: declaration)
    #expect(resources is SalesforceSCIMEndpoint)
    #expect(resources.name == "crm")
    await resources.close()
  }

  @Test func theTimeOfDayIsThatOfTheCaller() throws {
    let factory = EndpointFactory(
      userAgent: "rollcall/test", now: { .distantPast }, secret: { _ in throw Unset() }, directory: { _ in .forTests() }
    )
    #expect(try factory.connection(.embedded).now() == .distantPast)
  }

  @Test func spml2() async throws {
    var declaration = EndpointDeclaration(
      name: "hr", driver: .spml2, authentication: .basic(username: "admin", password: .literal(Secret("x"))))
    #expect(await failure { _ = try await factory.endpoint(for: declaration) }?.message.contains("`url`") == true)
    declaration.url = "https://h.example/spml2/"
    declaration.settings = .spml2(SPML2Settings(target: "hr", groupClass: "group"))
    let endpoint = try await factory.endpoint(for: declaration)
    #expect(endpoint is SPML2Endpoint)
    #expect(endpoint.ownUserName == "admin")
    await endpoint.close()
  }

  @Test func google() async throws {
    let file = try TokenTestServer.serviceAccount(tokenURL: nil)
    let account = ServiceAccount(key: .literal(file), subject: "admin@corp.example")
    let endpoint = try await factory.endpoint(
      for: EndpointDeclaration(name: "google", driver: .google, authentication: .serviceAccount(account)))
    #expect(endpoint is GoogleEndpoint)
    #expect(endpoint.ownUserName == "admin@corp.example")
    await endpoint.close()
  }

  @Test func wso2() async throws {
    var declaration = EndpointDeclaration(
      name: "is", driver: .wso2,
      authentication: .basic(username: "admin@acme.example", password: .literal(Secret("x"))))
    #expect(await failure { _ = try await factory.endpoint(for: declaration) }?.message.contains("url") == true)
    declaration.url = "https://is.example:9443"
    declaration.settings = .wso2(WSO2Settings(tenant: "acme.example"))
    let endpoint = try await factory.endpoint(for: declaration)
    #expect(endpoint is WSO2Endpoint)
    #expect(endpoint.ownUserName == "admin")
    await endpoint.close()
  }

  @Test func whatCannotBeUsed() async {
    let noAddress = EndpointDeclaration(name: "x", driver: .scim2)
    #expect(await failure { _ = try await factory.endpoint(for: noAddress) }?.kind == .misconfigured)
    let noSecret = EndpointDeclaration(
      name: "x", driver: .scim2, url: "https://h.example",
      authentication: .bearer(token: .environment("TOKEN"), expiresAt: nil))
    let error = await failure { _ = try await factory.endpoint(for: noSecret) }
    #expect(error == EndpointError(.misconfigured, "the credential cannot be used: TOKEN is not set"))
  }

  @Test(arguments: [
    EndpointCredential.bearer(Secret("")), .bearer(Secret("a\r\nX: y")),
    .basic(username: "a:b", password: Secret("x")),
  ])
  func credentialsThatCannotBeSent(_ credential: EndpointCredential) async {
    let error = await failure { _ = try credential.authorization() }
    #expect(error?.kind == .misconfigured)
  }
}
