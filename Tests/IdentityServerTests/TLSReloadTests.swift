import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import ServiceLifecycle
import Testing

@testable import IdentityServer

/// A renewed certificate reaches new connections while the server runs.
@Suite struct TLSReloadTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "reload-\(UUID().uuidString)")
  private var certificateFile: URL { folder.appending(path: "server.pem") }
  private var keyFile: URL { folder.appending(path: "server.key") }
  private let now = Date()

  @Test func newConnectionsGetTheNewCertificate() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (first, second) = (try certificate(), try certificate())
    try put(first)
    let source = CertificateSource(certificateFile: certificateFile, privateKeyFile: keyFile)
    var setup = ServerSetup()
    setup.configuration.tls = try source.identity(now: now)
    setup.configuration.renewal = CertificateRenewal(source, interval: .milliseconds(5))
    setup.host = "localhost"
    try await withServer(setup) { server in
      #expect(try await status(of: server, trusting: first) == 200)
      await #expect(throws: NIOSSLError.self) { try await status(of: server, trusting: second) }
      try put(second)
      // The server looks at its files from time to time; the limit of the test ends a wait in vain.
      while (try? await status(of: server, trusting: second)) != 200 { try await Task.sleep(for: .milliseconds(5)) }
      await #expect(throws: NIOSSLError.self) { try await status(of: server, trusting: first) }
    }
  }

  @Test func whatCannotBeUsedLeavesTheOldOne() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (first, second) = (try certificate(), try certificate())
    try put(first)
    let (logger, log) = LogRecorder.logger()
    var lines = log.makeAsyncIterator()
    let (requests, request) = AsyncStream<Void>.makeStream()
    let source = CertificateSource(certificateFile: certificateFile, privateKeyFile: keyFile)
    let certificate = try ServerCertificate(first.identity, now: now)
    let reloader = CertificateReloader(
      renewal: CertificateRenewal(source, interval: .seconds(3600), requests: requests), certificate: certificate,
      now: { now }, logger: logger)
    let inUse = ObjectIdentifier(certificate.current)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await reloader.run() }
      defer { tasks.cancelAll() }
      let faults: [(TLSIdentity, String)] = [
        (TLSIdentity(certificateChain: "no certificate", privateKey: second.identity.privateKey), "cannot be used"),
        (
          TLSIdentity(certificateChain: second.identity.certificateChain, privateKey: first.identity.privateKey),
          "cannot be used"
        ),
        (try SelfSignedCertificate.make(hostName: "localhost", now: now - 500 * 86_400).identity, "expired at"),
        (try SelfSignedCertificate.make(hostName: "localhost", now: now + 86_400).identity, "not valid before"),
      ]
      for (fault, reason) in faults {
        try put(fault)
        request.yield()
        let line = try #require(await lines.next())
        #expect(line.hasPrefix("error the certificate in use stays"))
        #expect(line.contains(reason))
        #expect(ObjectIdentifier(certificate.current) == inUse)
      }
      try FileManager.default.removeItem(at: keyFile)
      request.yield()
      #expect(try #require(await lines.next()).contains("\(keyFile.path) cannot be read"))

      try put(second)
      request.yield()
      #expect(try #require(await lines.next()).hasPrefix("info certificate loaded"))
      #expect(ObjectIdentifier(certificate.current) != inUse)
    }
  }

  @Test func theLogWarnsBeforeTheExpiry() async throws {
    let made = try certificate()
    let (logger, log) = LogRecorder.logger()
    let source = CertificateSource(certificateFile: certificateFile, privateKeyFile: keyFile)
    let reloader = CertificateReloader(
      renewal: CertificateRenewal(source, warning: .seconds(398 * 86_400)),
      certificate: try ServerCertificate(made.identity, now: now), now: { now }, logger: logger)
    let running = Task { try await reloader.run() }
    defer { running.cancel() }
    for await line in log {
      #expect(line.hasPrefix("warning the certificate expires soon days=39"))
      break
    }
  }

  @Test func anExpiredCertificateIsSaidAtOnce() throws {
    let old = try SelfSignedCertificate.make(hostName: "localhost", now: now - 500 * 86_400)
    let error = #expect(throws: ServerError.self) { try ServerCertificate(old.identity, now: now) }
    #expect(error?.kind == .unusableCertificate)
    #expect(error?.description.contains("expired at 20") == true)
  }

  private func certificate() throws -> SelfSignedCertificate {
    try SelfSignedCertificate.make(hostName: "localhost", now: now)
  }

  private func put(_ certificate: SelfSignedCertificate) throws { try put(certificate.identity) }

  private func put(_ identity: TLSIdentity) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(identity.certificateChain.utf8).write(to: certificateFile, options: .atomic)
    try Data(identity.privateKey.utf8).write(to: keyFile, options: .atomic)
  }

  /// Asks over a connection of its own.
  private func status(of server: ServerFixture, trusting certificate: SelfSignedCertificate) async throws -> UInt {
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes(Array(certificate.identity.certificateChain.utf8)))
    var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
    configuration.connectionPool.retryConnectionEstablishment = false
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let answer = await Result {
      try await client.execute(HTTPClientRequest(url: server.origin + "/health/live"), timeout: .seconds(60)).status
        .code
    }
    try await client.shutdown()
    return try answer.get()
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ work: () async throws -> Success) async {
    do { self = .success(try await work()) } catch { self = .failure(error) }
  }
}
