import Crypto
import Foundation
import JSON

/// What an ID token says (OpenID Connect Core section 2), before it is signed.
package struct IDToken: Sendable {
  /// In seconds; clients read the token at once.
  package static let lifetime: TimeInterval = 3600

  package var grant: Grant
  /// Names the user to the client.
  package var subject: String
  package var accessToken: TokenSecret
  package var issuedAt: Date
  /// What else the client learns about the user by its scopes.
  package var claims: JSONObject

  package init(_ grant: Grant, subject: String, accessToken: TokenSecret, issuedAt: Date, claims: JSONObject = [:]) {
    self.grant = grant
    self.subject = subject
    self.accessToken = accessToken
    self.issuedAt = issuedAt
    self.claims = claims
  }

  package var payload: JSONObject {
    var payload: JSONObject = [
      "iss": .string(grant.issuer), "sub": .string(subject), "aud": .string(grant.client),
      "azp": .string(grant.client), "iat": Self.seconds(issuedAt),
      "exp": Self.seconds(issuedAt.addingTimeInterval(Self.lifetime)),
      "auth_time": Self.seconds(grant.authenticatedAt), "acr": "1",
      "amr": .array(grant.methods.map(JSONValue.string)), "sid": .string(grant.session),
      "at_hash": .string(Self.hash(accessToken)), "jti": .string(TokenSecret(grant.id + accessToken.text).digest.name),
    ]
    payload["nonce"] = grant.nonce.map(JSONValue.string)
    for claim in claims where payload[claim.key] == nil { payload[claim.key] = claim.value }
    return payload
  }

  /// Core section 3.1.3.6: the left half of the digest, for both algorithms go with SHA-256.
  package static func hash(_ token: TokenSecret) -> String {
    Base64URL.encoded(SHA256.hash(data: Array(token.text.utf8)).prefix(16))
  }

  package static func seconds(_ time: Date) -> JSONValue {
    .number(JSONNumber(Int(time.timeIntervalSince1970.rounded(.down))))
  }
}

extension TokenDigest {
  /// The digest as a name that may be told.
  package var name: String { Base64URL.encoded(bytes.prefix(16)) }
}
