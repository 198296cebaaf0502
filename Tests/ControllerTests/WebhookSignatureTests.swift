import Foundation
import Reconciliation
import Testing

@testable import Controller

@Suite struct WebhookSignatureTests {
  /// The example of GitHub's documentation.
  private static let secret = "It's a Secret to Everybody"
  private static let body = Array("Hello, World!".utf8)
  private static let code = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

  private func verdict(_ headers: [String: String], body: [UInt8] = Self.body) -> WebhookSignature.Verdict {
    WebhookSignature(secret: Secret(Self.secret)).judge(body: body) { headers[$0] }
  }

  @Test(arguments: [
    ["x-hub-signature-256": "sha256=\(code)"], ["x-gitea-signature": code], ["x-forgejo-signature": code],
    ["x-gitlab-token": secret], ["x-hub-signature-256": "sha256=\(code.uppercased())"],
    ["x-hub-signature-256": "sha256=\(code)", "x-gitea-signature": code],
  ])
  func whatCarriesTheSecret(headers: [String: String]) { #expect(verdict(headers) == .authentic) }

  @Test(arguments: [
    ["x-hub-signature-256": code], ["x-hub-signature-256": "sha256="], ["x-hub-signature-256": "sha256=zz"],
    ["x-hub-signature-256": "sha1=\(code)"], ["x-hub-signature-256": "sha256=\(code.dropLast(2))"],
    ["x-gitea-signature": "sha256=\(code)"], ["x-gitlab-token": ""], ["x-gitlab-token": secret + " "],
    ["x-gitlab-token": secret, "x-gitea-signature": String(code.reversed())],
  ])
  func whatDoesNot(headers: [String: String]) { #expect(verdict(headers) == .wrong) }

  @Test func anotherBody() {
    #expect(verdict(["x-hub-signature-256": "sha256=\(Self.code)"], body: Array("Hello, World?".utf8)) == .wrong)
  }

  @Test func nothingAtAll() {
    #expect(verdict([:]) == .unsigned)
    #expect(verdict(["authorization": Self.secret]) == .unsigned)
  }
}
