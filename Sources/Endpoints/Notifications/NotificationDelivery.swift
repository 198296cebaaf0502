import Crypto
import Foundation
import JSON
import NIOHTTP1
import Reconciliation

/// Brings a message to a webhook, with patience for what passes by; the receiver tells repetitions by the message's id.
package struct NotificationDelivery: Sendable {
  /// What proves that a message is ours: https://www.standardwebhooks.com, the scheme `v1`.
  package struct Signature: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: any text, or `whsec_` and a key in Base64.
    package init(_ secret: Secret) {
      let prefix = "whsec_"
      let encoded = secret.revealed.hasPrefix(prefix) ? String(secret.revealed.dropFirst(prefix.count)) : nil
      key = SymmetricKey(data: encoded.flatMap { Data(base64Encoded: $0) } ?? Data(secret.revealed.utf8))
    }

    /// The value of `webhook-signature`.
    /// - Parameter timestamp: in seconds since 1970.
    package func value(id: String, timestamp: Int, body: [UInt8]) -> String {
      let content = Array("\(id).\(timestamp).".utf8) + body
      let code = HMAC<SHA256>.authenticationCode(for: content, using: key)
      return "v1,\(Data(code).base64EncodedString())"
    }
  }

  /// In bytes: nobody reads what is answered.
  private static let maxAnswerSize = 1 << 16

  private let trust: EndpointDeclaration.Trust
  private let allowsPlaintext: Bool
  private let userAgent: String
  private let retry: RetryPolicy
  private let clock: any Clock<Duration>

  /// - Parameter userAgent: `rollcall/<version>`.
  package init(
    trust: EndpointDeclaration.Trust, allowsPlaintext: Bool, userAgent: String,
    retry: RetryPolicy = RetryPolicy(attempts: 4, base: .seconds(1), patience: .seconds(60)),
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.trust = trust
    self.allowsPlaintext = allowsPlaintext
    self.userAgent = userAgent
    self.retry = retry
    self.clock = clock
  }

  /// Sends a message.
  /// - Parameters:
  ///   - url: where to; it may be a credential itself, and stays out of every message.
  ///   - signature: nil for what asks for none.
  ///   - id: the same however often it is sent.
  ///   - timestamp: in seconds since 1970.
  package func send(
    _ message: JSONObject, to url: Secret, signedWith signature: Signature?, id: String, timestamp: Int
  ) async throws(EndpointError) {
    do throws(EndpointError) {
      try await attempt(message, to: url, signature, id: id, timestamp: timestamp)
    } catch {
      throw error.redacting([url.revealed])
    }
  }

  private func attempt(
    _ message: JSONObject, to url: Secret, _ signature: Signature?, id: String, timestamp: Int
  ) async throws(EndpointError) {
    try check(url)
    let body = message.serialized()
    var request = EndpointRequest(.POST, "", secrets: [url.revealed])
    request.content = .init(mediaType: "application/json", bytes: Array(body))
    request.effect = .repeatableWrite
    request.fields.add(name: "webhook-id", value: id)
    request.fields.add(name: "webhook-timestamp", value: "\(timestamp)")
    if let signature {
      request.fields.add(
        name: "webhook-signature", value: signature.value(id: id, timestamp: timestamp, body: Array(body)))
    }
    let configuration = ConnectionConfiguration(
      trust: trust, timeouts: .init(connect: .seconds(5), read: .seconds(10), request: .seconds(15)), retry: retry,
      maxAnswerSize: Self.maxAnswerSize, userAgent: userAgent)
    let connection = try EndpointConnection(
      configuration, base: url.revealed, format: .json, clock: clock, generator: SystemRandomNumberGenerator())
    do throws(EndpointError) {
      _ = try await connection.send(request)
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }

  /// Some addresses carry their credential in the query.
  private func check(_ url: Secret) throws(EndpointError) {
    let field = "the address of the webhook"
    guard var parts = URLComponents(string: url.revealed) else {
      throw EndpointError(.misconfigured, "\(field) is not an http or https address")
    }
    parts.query = nil
    _ = try SCIM2Address(parts.string ?? "", allowsPlaintext: allowsPlaintext, field: field)
  }
}
