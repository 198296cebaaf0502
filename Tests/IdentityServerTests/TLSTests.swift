import AsyncHTTPClient
import Foundation
import IdentityServer
import JSON
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// The certificate that the server makes for itself, and serving with it.
struct TLSTests {
  private let now = Date()

  @Test(arguments: ["localhost", "127.0.0.1"])
  func clientsThatTrustTheFileAreServed(_ host: String) async throws {
    let certificate = try SelfSignedCertificate.make(hostName: "host.example", now: now)
    let roots = try NIOSSLCertificate.fromPEMBytes(Array(certificate.identity.certificateChain.utf8))
    try await withServer(certificate, host: host, trusting: .certificates(roots)) { server in
      let created = try await server.send(.POST, "/Users", ["userName": "ann"])
      #expect(created.status == 201)
      #expect(created.header("Location")?.hasPrefix("https://\(host):") == true)
    }
  }

  @Test func strangersDoNotTrustIt() async throws {
    let certificate = try SelfSignedCertificate.make(hostName: "localhost", now: now)
    try await withServer(certificate, host: "localhost", trusting: .default) { server in
      await #expect(throws: NIOSSLError.self) { try await server.send(.GET, "/Users") }
    }
  }

  /// A server with this certificate, and a client that trusts nothing but the roots.
  private func withServer(
    _ certificate: SelfSignedCertificate, host: String, trusting roots: NIOSSLTrustRoots,
    _ test: (ServerFixture) async throws -> Void
  ) async throws {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = roots
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    configuration.connectionPool.retryConnectionEstablishment = false
    var setup = ServerSetup()
    setup.configuration.tls = certificate.identity
    setup.host = host
    setup.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    try await IdentityServerTests.withServer(setup) { server in
      // Before the server stops: it would wait for the connections that the client keeps.
      do {
        try await test(server)
      } catch {
        try await server.client.shutdown()
        throw error
      }
      try await server.client.shutdown()
    }
  }

  @Test func plainHTTPStaysOnTheLoopback() async throws {
    for host in ["localhost", "127.0.0.1", "127.8.0.1", "::1"] { #expect(ServerConfiguration(host: host).isLoopback) }
    for host in ["0.0.0.0", "::", "192.0.2.1", "127.example.com", "10.127.0.1"] {
      var setup = ServerSetup()
      setup.configuration.host = host
      let error = await #expect(throws: ServerError.self) { try await IdentityServerTests.withServer(setup) { _ in } }
      #expect(error?.kind == .plaintextBeyondLoopback)
    }
  }

  @Test func aBrokenCertificateIsSaidAtOnce() async throws {
    var setup = ServerSetup()
    setup.configuration.tls = TLSIdentity(certificateChain: "no certificate", privateKey: "no key")
    let error = await #expect(throws: ServerError.self) { try await IdentityServerTests.withServer(setup) { _ in } }
    #expect(error?.kind == .unusableCertificate)
  }

  @Test func theCertificateIsKeptUntilItIsNoLongerGood() throws {
    let place = FileManager.default.temporaryDirectory.appending(path: "certificates-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let folder = CertificateFolder(place)
    let first = try folder.certificate(hostName: "host.example", now: now)
    #expect(first.expiry > now + 396 * 86_400)
    #expect(first.expiry < now + 398 * 86_400)
    #expect(try mode(of: folder.privateKeyFile) == 0o600)
    #expect(try String(contentsOf: folder.certificateFile, encoding: .utf8) == first.identity.certificateChain)

    let kept = try folder.certificate(hostName: "HOST.example", now: now + 366 * 86_400)
    #expect(kept.fingerprint == first.fingerprint)
    #expect(kept.identity.privateKey == first.identity.privateKey)
    #expect(first.fingerprint.split(separator: ":").count == 32)

    #expect(try folder.certificate(hostName: "other.example", now: now).fingerprint != first.fingerprint)
    let second = try folder.certificate(hostName: "other.example", now: now)
    #expect(
      try folder.certificate(hostName: "other.example", now: now + 368 * 86_400).fingerprint != second.fingerprint)

    let stray = try SelfSignedCertificate.make(hostName: "other.example", now: now)
    try Data(stray.identity.privateKey.utf8).write(to: folder.privateKeyFile)
    let renewed = try folder.certificate(hostName: "other.example", now: now)
    #expect(renewed.identity.privateKey != stray.identity.privateKey)
    #expect(try mode(of: folder.privateKeyFile) == 0o600)
  }

  private func mode(of file: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
  }
}
