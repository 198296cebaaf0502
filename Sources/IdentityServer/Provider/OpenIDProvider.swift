import Foundation
import LocalDirectory
import OpenID

/// What the server needs to sign users in for applications.
package struct OpenIDProvider: Sendable {
  let store: any ProviderStore
  let sessions: Sessions
  package let keys: SigningKeys
  let trail: AccessTrail
  let now: @Sendable () -> Date

  package init(
    store: any ProviderStore, sessions: Sessions, keys: SigningKeys, trail: AccessTrail,
    now: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.sessions = sessions
    self.keys = keys
    self.trail = trail
    self.now = now
  }
}

extension ServerConfiguration {
  /// What names us in the answers to this request.
  func issuer(_ exchange: Exchange) -> String {
    issuer ?? BaseAddress(of: exchange.request, to: exchange.context, self, path: "").text
  }
}
