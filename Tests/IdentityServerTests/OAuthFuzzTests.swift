import Foundation
import JSON
import NIOHTTP1
import OpenID
import SeededRandom
import Testing

@testable import IdentityServer

/// Headers and forms of any kind are refused or understood, and never bring the server down.
struct OAuthFuzzTests {
  @Test(arguments: 1...8)
  func formsComeBackAsTheyWereMeant(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 1...300 {
      var fields: [String: String] = [:]
      for _ in 0..<Int.random(in: 0...4, using: &random) { fields[text(&random, 1...5)] = text(&random, 1...9) }
      let form = fields.map { "\(encoded($0.key, &random))=\(encoded($0.value, &random))" }.joined(separator: "&")
      let parsed = try FormParameters(parsing: form)
      #expect(parsed.values == fields, "\(form)")
    }
  }

  @Test(arguments: 1...8)
  func brokenFormsAreRefusedOrUnderstood(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var refused = 0
    for _ in 1...500 {
      let form = (0..<Int.random(in: 0...12, using: &random)).map { _ in Self.pieces.randomElement(using: &random) ?? ""
      }.joined()
      do {
        let values = try FormParameters(parsing: form).values
        #expect(values.values.allSatisfy { !$0.isEmpty })
      } catch {
        #expect(error.code == .invalidRequest)
        refused += 1
      }
    }
    #expect((50..<450).contains(refused))
  }

  @Test(arguments: 1...8)
  func credentialsComeBackAsTheyWereMeant(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 1...300 {
      let name = text(&random, 0...6).filter { $0 != ":" }
      let password = text(&random, 0...9)
      let header = "bAsIc  " + Data("\(name):\(password)".utf8).base64EncodedString() + " "
      guard case .basic(name, password)? = Credential(authorization: header) else {
        Issue.record("\(name):\(password) is not understood")
        continue
      }
    }
  }

  @Test(arguments: 1...4)
  func nothingSentBringsA500(_ seed: UInt64) async throws {
    var random = SplitMix64(seed: seed)
    var setup = ServerSetup()
    setup.limits.perNameAndAddress.freeAttempts = .max
    setup.limits.perAddress.freeAttempts = .max
    setup.limits.perName.freeAttempts = .max
    try await withServer(setup) { server async throws in
      try await server.register("app", secret: "s3cret", scopes: ["users:read"])
      for _ in 1...60 {
        let path = ["token", "introspect", "revoke"].randomElement(using: &random) ?? "token"
        let form = (0..<Int.random(in: 0...8, using: &random)).map { _ in
          Self.pieces.randomElement(using: &random) ?? ""
        }.joined()
        let header = Self.headers.randomElement(using: &random) ?? ""
        let answer = try await server.form(path, form, headers: ["Authorization": header])
        #expect([200, 400, 401].contains(answer.status), "\(path) \(form) \(header) \(answer.status)")
        if answer.status != 200 { #expect(answer.json["error"]?.string != nil) }
      }
    }
  }

  private func text(_ random: inout SplitMix64, _ length: ClosedRange<Int>) -> String {
    String((0..<Int.random(in: length, using: &random)).compactMap { _ in Self.alphabet.randomElement(using: &random) })
  }

  /// Some of what need not be escaped is escaped.
  private func encoded(_ text: String, _ random: inout SplitMix64) -> String {
    text.utf8.map { byte in
      let isPlain = byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter && Bool.random(using: &random)
      return isPlain ? String(Unicode.Scalar(byte)) : "%" + String(256 + Int(byte), radix: 16).dropFirst()
    }.joined()
  }

  private static let alphabet = Array("abcXYZ019 +%&=:;/?\"\\é日\u{1F600}\u{0}")
  private static let pieces = [
    "grant_type", "=", "&", "client_credentials", "scope", "users:read", "token", "rca_x", "client_id", "client_secret",
    "app", "s3cret", "%", "%2", "%41", "%ff", "+", "é", "\u{0}", "&&", "=&",
  ]
  private static let headers = [
    "", "Basic", "Basic ", "Basic %%%", "Basic " + Data("app:s3cret".utf8).base64EncodedString(),
    "Basic " + Data("app".utf8).base64EncodedString(), "Basic " + Data([0xFF, 0x3A, 0xFE]).base64EncodedString(),
    "Basic " + Data("app:%zz+%41".utf8).base64EncodedString(), "Bearer", "Bearer  ", "Bearer rca_x", "Digest app",
  ]
}
