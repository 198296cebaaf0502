import Foundation
import LocalDirectory
import OpenID

/// What signing users in at other providers needs from outside.
package struct Federation: Sendable {
  /// Seals what is handed to browsers on the way.
  let box: SecretBox
  /// Whose names nobody gets by signing in elsewhere.
  let administrators: Administrators
  /// What other providers have told of themselves.
  let documents: ProviderDocuments
  let now: @Sendable () -> Date

  /// - Parameter userAgent: `rollcall/<version>`.
  package init(
    box: SecretBox, administrators: Administrators = Administrators(), userAgent: String,
    now: @escaping @Sendable () -> Date
  ) {
    self.box = box
    self.administrators = administrators
    documents = ProviderDocuments(userAgent: userAgent, now: now)
    self.now = now
  }
}
