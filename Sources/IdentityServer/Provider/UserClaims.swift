import JSON
import OpenID
import SCIM

/// What a user's resource says in the words of OpenID Connect (Core section 5.1), and groups and roles beside them.
struct UserClaims {
  private let user: Resource

  init(_ user: Resource) { self.user = user }

  /// What names the user to the client.
  func subject(for client: Client) -> String {
    switch client.subject {
    case .id: user.id
    case .userName: user.userName ?? user.id
    }
  }

  /// What the scopes tell (Core section 5.4).
  func claims(for scopes: Scopes) -> JSONObject {
    let parts = OpenIDScope.allCases.filter { scopes.contains($0) }.map(claims)
    return JSONObject(parts.flatMap { $0.map { ($0.key, $0.value) } })
  }

  /// The names of all claims, as the provider tells them of itself.
  static let names = [
    "sub", "iss", "aud", "azp", "exp", "iat", "auth_time", "acr", "amr", "nonce", "at_hash", "sid", "name",
    "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "locale",
    "zoneinfo", "updated_at", "email", "phone_number", "address", "groups", "roles",
  ]

  private func claims(_ scope: OpenIDScope) -> JSONObject {
    switch scope {
    case .openid, .offlineAccess: JSONObject()
    case .profile: profile
    case .email: Self.texts([("email", preferred("emails")?["value"])])
    case .phone: Self.texts([("phone_number", preferred("phoneNumbers")?["value"])])
    case .address: address
    case .groups: ["groups": .array(names("groups"))]
    case .roles: ["roles": .array(names("roles"))]
    }
  }

  private var profile: JSONObject {
    let name = user["name"]
    let parts = ["givenName", "familyName"].compactMap { name?[$0]?.string }.joined(separator: " ")
    var claims = Self.texts([
      ("name", name?["formatted"] ?? user["displayName"] ?? (parts.isEmpty ? nil : .string(parts))),
      ("given_name", name?["givenName"]), ("family_name", name?["familyName"]), ("middle_name", name?["middleName"]),
      ("nickname", user["nickName"]), ("preferred_username", user["userName"]), ("profile", user["profileUrl"]),
      ("picture", preferred("photos")?["value"]), ("zoneinfo", user["timezone"]),
      ("locale", user["locale"] ?? user["preferredLanguage"]),
    ])
    if let text = user["meta"]?["lastModified"]?.string, let time = DateTime(text) {
      claims["updated_at"] = .number(JSONNumber(time.seconds))
    }
    return claims
  }

  private var address: JSONObject {
    guard let value = preferred("addresses") else { return JSONObject() }
    let parts = Self.texts([
      ("formatted", value["formatted"]), ("street_address", value["streetAddress"]), ("locality", value["locality"]),
      ("region", value["region"]), ("postal_code", value["postalCode"]), ("country", value["country"]),
    ])
    return parts.isEmpty ? JSONObject() : ["address": .object(parts)]
  }

  /// The primary one of several values, else that for work, else the first.
  private func preferred(_ attribute: String) -> JSONValue? {
    let values = user[attribute]?.array ?? []
    return values.first { $0["primary"]?.bool == true } ?? values.first { $0["type"]?.string == "work" }
      ?? values.first
  }

  private func names(_ attribute: String) -> [JSONValue] {
    (user[attribute]?.array ?? []).compactMap { $0["display"] ?? $0["value"] }
  }

  /// Those that are there.
  private static func texts(_ pairs: [(String, JSONValue?)]) -> JSONObject {
    JSONObject(pairs.compactMap { name, value in value?.string.map { (name, .string($0)) } })
  }
}
