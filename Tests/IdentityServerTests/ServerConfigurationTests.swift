import Testing

@testable import IdentityServer

struct ServerConfigurationTests {
  @Test(
    arguments: [
      ("127.0.0.1", nil, [], true), ("localhost", "https://localhost:9443", [], true),
      ("::1", "http://127.0.0.1:8080", [], true), ("127.0.0.1", "https://[::1]", [], true),
      ("127.0.0.1", "https://Demo.Localhost", [], true), ("0.0.0.0", nil, [], false),
      ("0.0.0.0", "https://localhost", [], false), ("127.0.0.1", "https://id.example.com", [], false),
      ("127.0.0.1", "https://localhost.example.com", [], false), ("127.0.0.1", nil, ["127.0.0.1"], false),
    ] as [(String, String?, Set<String>, Bool)])
  func isOnlyForThisMachine(host: String, publicURL: String?, proxies: Set<String>, isLocal: Bool) {
    var configuration = ServerConfiguration()
    configuration.host = host
    configuration.publicURL = publicURL
    configuration.trustedProxies = proxies
    #expect(configuration.isForThisMachine == isLocal)
  }
}
