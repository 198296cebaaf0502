import Foundation
import JSON
import JWTKit
import LocalDirectory
import OpenID

/// The keys that sign what the provider says of its users: made when they are first needed, replaced when they are old, and
/// published as long as something is about that they have signed.
package actor SigningKeys {
  private let store: any SigningKeyStore
  private let box: SecretBox
  private let rotation: KeyRotation
  private let trail: AccessTrail
  private let maker: KeyMaker
  private let now: @Sendable () -> Date
  /// Keys that were opened, by their identifiers.
  private var opened: [String: JWTKeyCollection] = [:]

  /// - Parameter box: seals private keys, which only the store keeps.
  package init(
    _ store: any SigningKeyStore, box: SecretBox, rotation: KeyRotation = KeyRotation(), trail: AccessTrail,
    maker: KeyMaker = .system, now: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.box = box
    self.rotation = rotation
    self.trail = trail
    self.maker = maker
    self.now = now
  }

  /// All keys that are published, the oldest first; those that are missing or too old have been made anew.
  package func current() async throws -> [SigningKey] {
    let keys = try await store.signingKeys()
    let due = rotation.due(keys, at: now())
    guard !due.isEmpty else { return rotation.published(keys, at: now()) }
    try await replace(due, among: keys, by: "age")
    return rotation.published(try await store.signingKeys(), at: now())
  }

  /// Has keys to sign with, and opens them before anybody signs in.
  /// - Throws: ``ServerError`` when one was sealed with another secret.
  func prepare() async throws {
    let keys = try await current()
    for key in SignatureAlgorithm.allCases.compactMap(keys.current) { _ = try await collection(of: key) }
  }

  /// Makes new keys of every algorithm at once.
  package func rotate(by author: Author) async throws {
    try await replace(SignatureAlgorithm.allCases, among: try await store.signingKeys(), by: author)
  }

  /// The published keys as a JSON Web Key Set (RFC 7517 section 5), the newest first.
  func keySet() async throws -> JSONObject {
    let keys = try await current().reversed().compactMap { try? JSONValue(parsing: $0.publicKey) }
    return ["keys": .array(keys)]
  }

  /// The claims as a signed token (RFC 7519).
  func sign(_ claims: JSONObject, _ algorithm: SignatureAlgorithm) async throws -> String {
    guard let key = try await current().current(algorithm) else {
      throw ServerError(.unusableKey, "there is no key for \(algorithm.rawValue)")
    }
    let collection = try await collection(of: key)
    return try await collection.sign(ClaimSet(claims), kid: JWKIdentifier(string: key.id))
  }

  /// The claims of a token that one of the published keys has signed; nil for any other. The key says what algorithm it is
  /// for, never the token.
  func claims(of token: String) async throws -> JSONObject? {
    guard let header = JWTHead(of: token), let key = try await current().first(where: { $0.id == header.keyID }),
      header.algorithm == key.algorithm.rawValue
    else { return nil }
    return try? await collection(of: key).verify(token, as: ClaimSet.self).claims
  }

  private func replace(_ algorithms: [SignatureAlgorithm], among known: [SigningKey], by author: Author) async throws {
    let time = Timestamp.truncated(now())
    var keys: [SigningKey] = []
    for algorithm in algorithms { keys.append(try await maker.key(algorithm, sealedBy: box, at: time)) }
    guard try await store.rotate(to: keys, knowing: Set(known.map(\.id))) else { return }
    try await store.removeSigningKeys(retiredBy: rotation.horizon(at: time))
    for key in keys { await trail.record(.keyMade, by: author, "\(key.algorithm.rawValue) \(key.id)") }
  }

  /// - Throws: ``ServerError`` when the key was sealed with another secret.
  private func collection(of key: SigningKey) async throws -> JWTKeyCollection {
    if let collection = opened[key.id] { return collection }
    guard let pem = box.open(key.sealedKey, for: key.id) else {
      throw ServerError(
        .unusableKey,
        "the signing key \(key.id) was sealed with another secret: restore that, or make new keys with `rollcall keys rotate`"
      )
    }
    let collection = JWTKeyCollection()
    let id = JWKIdentifier(string: key.id)
    switch key.algorithm {
    case .rs256:
      await collection.add(rsa: try Insecure.RSA.PrivateKey(pem: pem), digestAlgorithm: .sha256, kid: id)
    case .es256: await collection.add(ecdsa: try ES256PrivateKey(pem: pem), kid: id)
    }
    opened[key.id] = collection
    return collection
  }
}

/// What a token says of its signature (RFC 7515 section 4).
struct JWTHead {
  let algorithm: String
  let keyID: String

  /// nil for what is no signed token, or names no key.
  init?(of token: String) {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Base64URL.decoded(String(parts[0])), let json = try? JSONValue(parsing: bytes),
      let algorithm = json["alg"]?.string, let keyID = json["kid"]?.string
    else { return nil }
    self.algorithm = algorithm
    self.keyID = keyID
  }
}
