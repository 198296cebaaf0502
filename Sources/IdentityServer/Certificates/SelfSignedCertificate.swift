import Crypto
import Foundation
import SwiftASN1
import X509

/// The certificate of a server that nobody gave one: P-256, for `localhost`, the loopback addresses and the name of the host.
///
/// It is its own certification authority and may certify nothing else, so a client can take the file as its only trust root.
package struct SelfSignedCertificate: Sendable {
  package let identity: TLSIdentity
  /// SHA-256 over the DER form, as `openssl x509 -fingerprint -sha256` prints it.
  package let fingerprint: String
  package let expiry: Date

  private let names: Set<String>

  /// A new certificate, valid from five minutes ago (clocks differ) for 397 days, the most that clients accept.
  package static func make(hostName: String, now: Date) throws -> SelfSignedCertificate {
    let key = P256.Signing.PrivateKey()
    let issuerKey = Certificate.PrivateKey(key)
    let subject = try DistinguishedName { CommonName("localhost") }
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: issuerKey.publicKey,
      notValidBefore: now - 300, notValidAfter: now + validity, issuer: subject, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256, extensions: try extensions(hostName: hostName), issuerPrivateKey: issuerKey)
    return try SelfSignedCertificate(certificate, privateKey: key.pemRepresentation)
  }

  /// The certificate in these PEM texts.
  /// - Throws: when they cannot be read, or the key is not the certificate's.
  init(certificatePEM: String, privateKeyPEM: String) throws {
    let certificate = try Certificate(pemEncoded: certificatePEM)
    guard try Certificate.PrivateKey(pemEncoded: privateKeyPEM).publicKey == certificate.publicKey else {
      throw ServerError(.unusableCertificate, "the private key does not belong to the certificate")
    }
    try self.init(certificate, privateKey: privateKeyPEM)
  }

  private init(_ certificate: Certificate, privateKey: String) throws {
    let pem = try certificate.serializeAsPEM()
    identity = TLSIdentity(certificateChain: pem.pemString + "\n", privateKey: privateKey)
    fingerprint = SHA256.hash(data: pem.derBytes)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: ":")
    expiry = certificate.notValidAfter
    names = Set(try certificate.extensions.subjectAlternativeNames?.compactMap(\.dnsName) ?? [])
  }

  /// Whether a server of this name can use the certificate for a month to come.
  func isGood(for hostName: String, at now: Date) -> Bool {
    expiry > now + Self.renewal && names.isSuperset(of: Self.dnsNames(hostName: hostName))
  }

  private static let day: TimeInterval = 86_400
  private static let validity = 397 * day
  private static let renewal = 30 * day

  private static func extensions(hostName: String) throws -> Certificate.Extensions {
    try Certificate.Extensions {
      Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
      Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
      try ExtendedKeyUsage([.serverAuth])
      SubjectAlternativeNames(
        dnsNames(hostName: hostName).map { .dnsName($0) } + [
          .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
          .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
        ])
    }
  }

  /// `localhost`, and the host's name unless it is the same or cannot stand in a certificate.
  private static func dnsNames(hostName: String) -> [String] {
    let name = hostName.lowercased()
    let isName = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }
    return isName && !name.isEmpty && name != "localhost" ? ["localhost", name] : ["localhost"]
  }
}

extension GeneralName {
  fileprivate var dnsName: String? { if case .dnsName(let name) = self { name } else { nil } }
}
