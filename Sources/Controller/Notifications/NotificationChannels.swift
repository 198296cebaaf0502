import Endpoints
import Foundation
import JSON
import Reconciliation

/// Brings messages to the channels that manifests describe, their secrets read when they are needed.
package struct NotificationChannels: Sendable {
  private let secrets: SecretResolver
  private let userAgent: String

  /// - Parameter userAgent: `rollcall/<version>`.
  package init(secrets: SecretResolver, userAgent: String) {
    self.secrets = secrets
    self.userAgent = userAgent
  }

  /// - Throws: why it did not arrive, without the address or the secret.
  package func deliver(
    _ message: NotificationMessage, over declaration: NotificationDeclaration
  ) async throws(EndpointError) {
    let delivery = NotificationDelivery(
      trust: declaration.trust, allowsPlaintext: declaration.allowsPlaintext, userAgent: userAgent)
    switch declaration.channel {
    case .webhook(let address, let reference):
      let signature = NotificationDelivery.Signature(try await value(of: reference))
      try await delivery.send(
        message.json, to: try await url(address), signedWith: signature, id: message.id, timestamp: message.timestamp)
    case .slack(let reference):
      try await delivery.send(
        message.slack, to: try await value(of: reference), signedWith: nil, id: message.id,
        timestamp: message.timestamp)
    }
  }

  private func url(_ address: NotificationDeclaration.Address) async throws(EndpointError) -> Secret {
    switch address {
    case .plain(let url): Secret(url)
    case .secret(let reference): try await value(of: reference)
    }
  }

  private func value(of reference: SecretReference) async throws(EndpointError) -> Secret {
    do throws(SecretResolver.Failure) {
      return try await secrets.value(of: reference)
    } catch {
      throw EndpointError(.misconfigured, "a secret of the notification cannot be read: \(error.description)")
    }
  }
}
