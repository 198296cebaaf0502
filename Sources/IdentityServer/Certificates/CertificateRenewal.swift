import Foundation

/// How a running server gets its renewed certificate.
package struct CertificateRenewal: Sendable {
  package var source: CertificateSource
  /// How long before the expiry the log warns.
  package var warning: Duration
  /// How often the files are looked at.
  package var interval: Duration
  /// Tells to look now, whether or not the files have changed: SIGHUP.
  package var requests: AsyncStream<Void>

  package init(
    _ source: CertificateSource, warning: Duration = .seconds(14 * 86_400), interval: Duration = .seconds(2),
    requests: AsyncStream<Void> = AsyncStream { $0.finish() }
  ) {
    self.source = source
    self.warning = warning
    self.interval = interval
    self.requests = requests
  }
}
