import Foundation
import JSON
import LocalDirectory
import OpenID

/// A sign-in that goes on at another provider. The browser carries it there and back (`state`), sealed: nobody else reads
/// it, makes one, or brings that of another browser.
struct PendingSignIn: Hashable, Sendable {
  /// How long the user may take there, in seconds.
  static let lifetime: TimeInterval = 1800
  private static let purpose = "sign-in"

  /// The name of the identity provider.
  let provider: String
  let proof: CodeProof
  /// Where the browser goes afterwards.
  let continuation: Continuation?
  /// As it was asked for there.
  let maxAge: Int?
  let startedAt: Date

  init(_ provider: String, _ proof: CodeProof, _ continuation: Continuation?, maxAge: Int?, startedAt: Date) {
    self.provider = provider
    self.proof = proof
    self.continuation = continuation
    self.maxAge = maxAge
    self.startedAt = startedAt
  }

  /// nil for what this browser was not given, or not lately.
  init?(_ state: String?, from browser: Browser, _ box: SecretBox, at now: Date) {
    guard let json = browser.opened(state, for: Self.purpose, box), let provider = json["provider"]?.string,
      let verifier = json["verifier"]?.string, let start = json["start"]?.int
    else { return nil }
    let startedAt = Date(timeIntervalSince1970: TimeInterval(start))
    guard now.timeIntervalSince(startedAt) < Self.lifetime else { return nil }
    self.init(
      provider, CodeProof(verifier: verifier), json["continuation"].flatMap(Continuation.init),
      maxAge: json["maxAge"]?.int, startedAt: startedAt)
  }

  func state(for browser: Browser, _ box: SecretBox) throws -> String {
    var json: JSONObject = [
      "provider": .string(provider), "verifier": .string(proof.verifier), "start": IDToken.seconds(startedAt),
    ]
    json["continuation"] = (continuation?.json).map(JSONValue.object)
    json["maxAge"] = maxAge.map { .number(JSONNumber($0)) }
    return try browser.sealed(json, for: Self.purpose, box)
  }
}

extension Browser {
  /// Something for this browser to carry that only this server reads and makes, and takes from this browser alone.
  func sealed(_ json: JSONObject, for purpose: String, _ box: SecretBox) throws -> String {
    try box.seal(JSONValue.object(json).text, for: "\(purpose)\n\(binding)")
  }

  /// nil for what was not sealed for this browser and purpose.
  func opened(_ sealed: String?, for purpose: String, _ box: SecretBox) -> JSONObject? {
    guard let text = sealed.flatMap({ box.open($0, for: "\(purpose)\n\(binding)") }) else { return nil }
    return (try? JSONValue(parsing: Array(text.utf8)))?.object
  }
}
