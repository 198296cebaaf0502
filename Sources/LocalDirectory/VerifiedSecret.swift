import JSON
import SCIM

/// Secrets that somebody shows us and we only compare: kept as hashes, as passwords are. The secrets that we show to
/// others, such as those of connectors, must be kept as they are.
enum VerifiedSecret {
  /// Where the secret stands in resources of this schema; nil when they have none.
  static func path(in schema: String) -> [String]? {
    schema == SchemaURN.serviceProvider ? ["inbound", "openidconnect", "clientSecret"] : nil
  }
}

/// Ends an attempt to write: there is a secret that has no hash yet, and hashing takes longer than a transaction may.
struct UnhashedSecret: Error {
  let secret: String
  /// The hash of the secret that stands there now.
  let current: String?
}

extension ResourceWriter {
  /// The attributes as they may be kept: with the hash in place of a secret that is only compared.
  /// - Throws: ``UnhashedSecret`` when the hash has yet to be made.
  func hashingSecret(in attributes: JSONObject, before: JSONObject?) throws(UnhashedSecret) -> JSONObject {
    guard let path = VerifiedSecret.path(in: rules.type.schema), let secret = attributes.string(at: path) else {
      return attributes
    }
    let current = before?.string(at: path)
    guard secret != current else { return attributes }
    guard let hash = secretHashes[secret] else { throw UnhashedSecret(secret: secret, current: current) }
    return attributes.replacing(path[...], with: .string(hash))
  }
}

extension JSONObject {
  /// The string that stands that deep; nil when there is none.
  func string(at path: [String]) -> String? {
    path.reduce(JSONValue.object(self)) { $0?[$1] }?.string
  }

  fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONObject {
    guard let key = path.first else { return self }
    var object = self
    let rest = path.dropFirst()
    object[key] = rest.isEmpty ? value : .object((self[key]?.object ?? JSONObject()).replacing(rest, with: value))
    return object
  }
}
