import Foundation
import NIOCore
import NIOSSL
import SwiftASN1
import Synchronization
import X509

/// The certificate that new connections are shown; it can be exchanged while the server runs.
final class ServerCertificate: Sendable {
  private let context: Mutex<NIOSSLContext>
  private let expiryDate: Mutex<Date>

  /// - Throws: ``ServerError`` as ``exchange(for:now:)``.
  init(_ identity: TLSIdentity, now: Date) throws(ServerError) {
    let (context, expiry) = try Self.checked(identity, now)
    self.context = Mutex(context)
    expiryDate = Mutex(expiry)
  }

  var current: NIOSSLContext { context.withLock(\.self) }

  var expiry: Date { expiryDate.withLock(\.self) }

  /// Takes another certificate for the connections to come.
  /// - Throws: ``ServerError`` when it cannot be read, is not of the key, has expired or is not valid yet; what was in use
  ///   stays so.
  func exchange(for identity: TLSIdentity, now: Date) throws(ServerError) {
    let (new, expiry) = try Self.checked(identity, now)
    context.withLock { $0 = new }
    expiryDate.withLock { $0 = expiry }
  }

  private static func checked(_ identity: TLSIdentity, _ now: Date) throws(ServerError) -> (NIOSSLContext, Date) {
    let leaf: Certificate
    let context: NIOSSLContext
    do {
      leaf = try Certificate(pemEncoded: identity.certificateChain)
      context = try NIOSSLContext(configuration: configuration(of: identity))
    } catch {
      throw ServerError(.unusableCertificate, "the TLS certificate or its key cannot be used: \(error)")
    }
    guard now < leaf.notValidAfter else {
      throw ServerError(
        .unusableCertificate, "the TLS certificate expired at \(leaf.notValidAfter.formatted(.iso8601))")
    }
    guard leaf.notValidBefore <= now else {
      throw ServerError(
        .unusableCertificate, "the TLS certificate is not valid before \(leaf.notValidBefore.formatted(.iso8601))")
    }
    return (context, leaf.notValidAfter)
  }

  private static func configuration(of identity: TLSIdentity) throws -> TLSConfiguration {
    let chain = try NIOSSLCertificate.fromPEMBytes(Array(identity.certificateChain.utf8))
    let key = try NIOSSLPrivateKey(bytes: Array(identity.privateKey.utf8), format: .pem)
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    tls.minimumTLSVersion = .tlsv12
    tls.applicationProtocols = ["http/1.1"]
    // A client that keeps its connection open seldom answers the goodbye; a stop must not wait for it.
    tls.shutdownTimeout = .milliseconds(500)
    return tls
  }
}
