import Foundation

/// Where the server's certificate comes from, now and whenever it is renewed.
package struct CertificateSource: Sendable {
  /// The files that hold it, watched for changes.
  package let files: [URL]
  private let read: @Sendable (Date) throws -> TLSIdentity

  /// A certificate chain and its key that somebody else renews.
  package init(certificateFile: URL, privateKeyFile: URL) {
    files = [certificateFile, privateKeyFile]
    read = { _ in
      TLSIdentity(certificateChain: try Self.text(of: certificateFile), privateKey: try Self.text(of: privateKeyFile))
    }
  }

  /// A certificate that the server makes for itself, and makes anew before it expires.
  package init(_ folder: CertificateFolder, hostName: String) {
    files = [folder.certificateFile, folder.privateKeyFile]
    read = { now in
      do {
        return try folder.certificate(hostName: hostName, now: now).identity
      } catch {
        throw ServerError(
          .unusableCertificate,
          "the certificate cannot be kept in \(folder.certificateFile.deletingLastPathComponent().path): \(error.localizedDescription)"
        )
      }
    }
  }

  /// - Throws: ``ServerError`` when a file cannot be read or made.
  package func identity(now: Date) throws -> TLSIdentity { try read(now) }

  /// Changes whenever a file is written or replaced.
  var stamp: [String] {
    files.map { file in
      var status = stat()
      guard stat(file.path, &status) == 0 else { return "missing" }
      return "\(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
  }

  private static func text(of file: URL) throws -> String {
    do {
      return try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw ServerError(.unusableCertificate, "\(file.path) cannot be read: \(error.localizedDescription)")
    }
  }
}
