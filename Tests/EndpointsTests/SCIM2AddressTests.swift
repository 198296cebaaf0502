import SCIM
import Testing

@testable import Endpoints

@Suite struct SCIM2AddressTests {
  @Test(arguments: [
    "https://h.example/scim2", "https://h.example/scim2///", "http://localhost:8080", "http://127.0.0.1:1",
    "http://[::1]:8080/x",
  ]) func good(_ url: String) throws {
    let address = try SCIM2Address(url, allowsPlaintext: false)
    #expect(!address.base.hasSuffix("/"))
  }

  @Test(arguments: [
    "", "h.example", "ftp://h.example", "https://", "https://u:p@h.example", "https://h.example?x=1",
    "http://h.example", "http://127.evil.example", "https://h.example#f",
  ]) func bad(_ url: String) async {
    #expect(await failure { _ = try SCIM2Address(url, allowsPlaintext: false) }?.kind == .misconfigured)
  }

  @Test func plaintextIsAllowedWhenAskedFor() throws {
    _ = try SCIM2Address("http://h.example", allowsPlaintext: true)
  }

  @Test func anIdMayBeAnyString() async throws {
    let address = try SCIM2Address("https://h.example/scim2", allowsPlaintext: false)
    let users = try Fixtures.type("User")
    #expect(try address.resource("a/b?c#d e%ø", of: users) == "/Users/a%2Fb%3Fc%23d%20e%25%C3%B8")
    for id in ["", ".", ".."] { #expect(await failure { _ = try address.resource(id, of: users) } != nil) }
  }

  @Test(arguments: [("/Users", "/Users"), ("Users", "/Users"), ("https://h.example/scim2/v2/Users", "/v2/Users")])
  func collections(_ endpoint: String, _ path: String) throws {
    let address = try SCIM2Address("https://h.example/scim2", allowsPlaintext: false)
    #expect(try address.collection(ResourceType(name: "User", endpoint: endpoint, schema: "x")) == path)
  }

  @Test(arguments: ["https://evil.example/Users", "https://h.example/scim2evil/Users", "//evil.example/Users"])
  func noCredentialLeavesTheBaseAddress(_ endpoint: String) async throws {
    let address = try SCIM2Address("https://h.example/scim2", allowsPlaintext: false)
    let type = ResourceType(name: "User", endpoint: endpoint, schema: "x")
    #expect(await failure { _ = try address.collection(type) }?.kind == .malformed)
  }
}
