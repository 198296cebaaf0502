import Foundation
import HTTPTypes
import Hummingbird
import JSON
import Reconciliation
import Synchronization
import Testing

@testable import Endpoints

@Suite struct NotificationDeliveryTests {
  /// What came, as the receiver sees it.
  private final class Received: Sendable {
    let messages = Mutex<[(headers: [String: String], body: [UInt8])]>([])
  }

  private func header(_ request: Request, _ name: String) -> String? {
    HTTPField.Name(name).flatMap { request.headers[$0] }
  }

  /// Runs a receiver that answers with these statuses, the last one for ever.
  private func receive(
    _ statuses: [Int], _ body: @escaping @Sendable (_ url: String, Received) async throws -> Void
  ) async throws {
    let received = Received()
    try await LoopbackServer.run(
      { request in
        let bytes = try await request.body.collect(upTo: 1 << 16)
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"]
        let headers = names.reduce(into: [:]) { $0[$1] = header(request, $1) }
        let index = received.messages.withLock { messages in
          messages.append((headers, Array(bytes.readableBytesView)))
          return messages.count - 1
        }
        return .test(statuses[min(index, statuses.count - 1)], text: "canary")
      }, { url in try await body(url, received) })
  }

  private let delivery = NotificationDelivery(
    trust: .system, allowsPlaintext: false, userAgent: "rollcall/test", clock: ManualClock())

  @Test func theSignatureOfStandardWebhooks() {
    // The example of the specification's reference implementations.
    let signature = NotificationDelivery.Signature(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    #expect(
      signature.value(
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func oneSignedMessage() async throws {
    let signature = NotificationDelivery.Signature(Secret("hush"))
    try await receive([204]) { url, received in
      try await delivery.send(
        ["text": "hello"], to: Secret(url + "/hook?token=x"), signedWith: signature, id: "m1", timestamp: 1000)
      let messages = received.messages.withLock { $0 }
      #expect(messages.count == 1)
      let message = try #require(messages.first)
      #expect(message.headers["webhook-id"] == "m1")
      #expect(message.headers["webhook-timestamp"] == "1000")
      #expect(message.headers["content-type"] == "application/json")
      #expect(
        message.headers["webhook-signature"] == signature.value(id: "m1", timestamp: 1000, body: message.body))
      #expect(String(decoding: message.body, as: UTF8.self) == #"{"text":"hello"}"#)
    }
  }

  @Test func whatPassesByIsWaitedFor() async throws {
    try await receive([503, 500, 200]) { url, received in
      try await delivery.send([:], to: Secret(url), signedWith: nil, id: "m1", timestamp: 1000)
      let ids = received.messages.withLock { $0.map { $0.headers["webhook-id"] } }
      #expect(ids == ["m1", "m1", "m1"])
    }
  }

  @Test func whatDoesNotPassIsToldWithoutTheAddress() async throws {
    try await receive([403]) { url, received in
      let error = await #expect(throws: EndpointError.self) {
        try await delivery.send([:], to: Secret(url + "/secret-path"), signedWith: nil, id: "m1", timestamp: 1000)
      }
      #expect(error?.status == 403)
      #expect(error?.message.contains("secret-path") == false)
      #expect(received.messages.withLock(\.count) == 1)
    }
  }

  @Test(arguments: ["", "ftp://x", "http://hooks.example/secret-path", "https://a:secret-path@hooks.example/"])
  func addressesThatAreNotTaken(url: String) async {
    let error = await #expect(throws: EndpointError.self) {
      try await delivery.send([:], to: Secret(url), signedWith: nil, id: "m1", timestamp: 1000)
    }
    #expect(error?.kind == .misconfigured)
    #expect(error?.message.contains("secret-path") == false)
  }
}
