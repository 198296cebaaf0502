import JWTKit
import Reconciliation

/// A private RSA key for RS256 (RFC 7518 section 3.3), known to be one.
package struct SigningKey: Hashable, Sendable {
  /// PKCS#8 or PKCS#1, as PEM.
  let pem: Secret
  /// Which of its keys the server is to verify with; nil when it has only one.
  package let id: String?

  /// - Parameter pem: `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`.
  /// - Throws: `misconfigured` for anything else.
  package init(pem: Secret, id: String? = nil) throws(EndpointError) {
    let lines = pem.revealed.split { $0.isNewline }.joined(separator: "\n")
    self.pem = Secret(lines)
    self.id = id
    guard !lines.contains("ENCRYPTED") else {
      throw EndpointError(
        .misconfigured, "the private key is encrypted; `openssl pkey -in key.pem` writes it out without its passphrase")
    }
    do {
      _ = try Insecure.RSA.PrivateKey(pem: lines)
    } catch {
      // What the parser says of it might quote it.
      throw EndpointError(
        .misconfigured,
        "the private key is no RSA key of 2048 bits or more in PEM (PKCS#8 or PKCS#1); it begins with"
          + " `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`")
    }
  }

  func sign(_ claims: some JWTPayload) async throws(EndpointError) -> String {
    do {
      let keys = await JWTKeyCollection().add(
        rsa: try Insecure.RSA.PrivateKey(pem: pem.revealed), digestAlgorithm: .sha256)
      let header: JWTHeader = id.map { ["kid": .string($0)] } ?? [:]
      // The one key of the collection has no name there.
      return try await keys.sign(claims, header: header)
    } catch {
      throw EndpointError(.misconfigured, "the private key does not sign")
    }
  }
}
