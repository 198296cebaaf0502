import Foundation

/// Where a server keeps the certificate that it made for itself: two PEM files beside its store.
package struct CertificateFolder: Sendable {
  /// What clients can be given to trust.
  package let certificateFile: URL
  /// Readable by its owner only.
  package let privateKeyFile: URL

  package init(_ folder: URL) {
    certificateFile = folder.appending(path: "tls-certificate.pem")
    privateKeyFile = folder.appending(path: "tls-key.pem")
  }

  /// The certificate that is there, or a new one when there is none, it is broken, made for another host, or about to expire.
  /// - Parameter hostName: the name of this machine, which the certificate names beside `localhost`.
  /// - Throws: when the files cannot be written.
  package func certificate(hostName: String, now: Date) throws -> SelfSignedCertificate {
    if let kept = kept, kept.isGood(for: hostName, at: now) { return kept }
    let made = try SelfSignedCertificate.make(hostName: hostName, now: now)
    // Between the two renames the pair does not match; `kept` finds that out and a new pair is made.
    try write(made.identity.privateKey, to: privateKeyFile, mode: 0o600)
    try write(made.identity.certificateChain, to: certificateFile, mode: 0o644)
    return made
  }

  private var kept: SelfSignedCertificate? {
    guard let certificate = try? String(contentsOf: certificateFile, encoding: .utf8),
      let key = try? String(contentsOf: privateKeyFile, encoding: .utf8)
    else { return nil }
    return try? SelfSignedCertificate(certificatePEM: certificate, privateKeyPEM: key)
  }

  /// Writes beside the file and renames, so that nobody reads half of it; the mode is set while it is still empty.
  private func write(_ text: String, to file: URL, mode: Int) throws {
    let files = FileManager.default
    try files.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    let draft = file.appendingPathExtension("new")
    guard files.createFile(atPath: draft.path, contents: nil, attributes: [.posixPermissions: mode]) else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: draft.path])
    }
    try files.setAttributes([.posixPermissions: mode], ofItemAtPath: draft.path)
    let handle = try FileHandle(forWritingTo: draft)
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
    guard rename(draft.path, file.path) == 0 else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: file.path])
    }
  }
}
