import Foundation
import JSON
import NIOCore
import NIOSSL
import Reconciliation
import SwiftASN1
import X509

extension ServerCertificate {
  /// What a certificate says of itself; nil for one that cannot be read.
  init?(_ certificate: NIOSSLCertificate, version: TLSVersion? = nil) {
    guard let bytes = try? certificate.toDERBytes(), let read = try? Certificate(derEncoded: bytes) else { return nil }
    self.init(
      subject: read.subject.description, issuer: read.issuer.description, validFrom: read.notValidBefore,
      validUntil: read.notValidAfter, version: version.map(Self.name))
  }

  private static func name(_ version: TLSVersion) -> String {
    switch version {
    case .tlsv1: "TLS 1.0"
    case .tlsv11: "TLS 1.1"
    case .tlsv12: "TLS 1.2"
    case .tlsv13: "TLS 1.3"
    }
  }

  /// When the last certificate of a PEM file ends; nil when there is none.
  static func lastEnd(inFile path: String) -> Date? {
    let certificates = (try? NIOSSLCertificate.fromPEMFile(path)) ?? []
    return certificates.compactMap { ServerCertificate($0)?.validUntil }.max()
  }
}

/// When a token ends, where it says so itself.
enum TokenEnd {
  /// The `exp` of a JSON Web Token (RFC 7519 section 4.1.4); nil for any other token.
  static func date(of token: Secret) -> Date? {
    let parts = token.revealed.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = base64URL(String(parts[1])),
      let end = (try? JSONValue(parsing: bytes))?["exp"]?.number?.double, end.isFinite,
      (0...253_402_300_799).contains(end)
    else { return nil }
    return Date(timeIntervalSince1970: end)
  }

  /// RFC 4648 section 5, without padding.
  private static func base64URL(_ text: String) -> [UInt8]? {
    let standard = text.replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    return Data(base64Encoded: standard + padding).map { [UInt8]($0) }
  }
}
