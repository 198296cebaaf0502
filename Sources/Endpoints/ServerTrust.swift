import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOSSL
import Reconciliation

/// Turns what a manifest trusts into the TLS part of an HTTP client's configuration.
enum ServerTrust {
  /// - Throws: `misconfigured` when the certificate file or the fingerprint cannot be used.
  static func apply(
    _ trust: EndpointDeclaration.Trust, to configuration: inout HTTPClient.Configuration
  ) throws(EndpointError) {
    var tls = TLSConfiguration.makeClientConfiguration()
    switch trust {
    case .system: break
    case .caFile(let path): tls.trustRoots = .certificates(try certificates(in: path))
    case .pinned(let fingerprint):
      // The fingerprint names one certificate, so neither its issuer nor the name on it adds anything.
      tls.certificateVerification = .none
      configuration.http1_1ConnectionDebugInitializer = try check(pin: fingerprint)
    case .insecureSkipVerify: tls.certificateVerification = .none
    }
    configuration.tlsConfiguration = tls
  }

  private static func certificates(in path: String) throws(EndpointError) -> [NIOSSLCertificate] {
    let found: [NIOSSLCertificate]
    do {
      found = try NIOSSLCertificate.fromPEMFile(path)
    } catch {
      throw EndpointError(.misconfigured, "the certificate file \(path) cannot be read as PEM")
    }
    guard !found.isEmpty else {
      throw EndpointError(.misconfigured, "the certificate file \(path) holds no certificate")
    }
    return found
  }

  /// A check that the client runs on each new connection, after the handshake and before any request is sent on it.
  private static func check(
    pin fingerprint: String
  ) throws(EndpointError) -> @Sendable (any Channel) -> EventLoopFuture<Void> {
    let pin = fingerprint.filter { $0 != ":" }.lowercased()
    guard pin.count == 64, pin.allSatisfy(\.isHexDigit) else {
      throw EndpointError(.misconfigured, "`pinnedSHA256` is not a SHA-256 in hexadecimal")
    }
    return { channel in
      if (try? sha256(ofPeerAt: channel)) == pin { return channel.eventLoop.makeSucceededVoidFuture() }
      // Closed only after the client has given the connection up: it takes a failure for the end of its life.
      channel.eventLoop.execute { channel.close(promise: nil) }
      return channel.eventLoop.makeFailedFuture(
        EndpointError(.misconfigured, "the server's certificate is not the one that `pinnedSHA256` names"))
    }
  }

  /// The client asks on the channel's event loop, so the answer is there without waiting.
  private static func sha256(ofPeerAt channel: any Channel) throws -> String? {
    guard let certificate = try channel.pipeline.syncOperations.nioSSL_peerCertificate() else { return nil }
    return SHA256.hash(data: try certificate.toDERBytes()).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}
