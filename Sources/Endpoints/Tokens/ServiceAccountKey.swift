import JSON
import Reconciliation

/// The key of a service account, in the JSON file that Google gives out.
struct ServiceAccountKey: Hashable, Sendable {
  /// `client_email`: the account itself.
  let email: String
  /// `token_uri`: where tokens are asked for.
  let tokenURL: String
  let key: SigningKey

  /// - Throws: `misconfigured` when the file is something else; no message repeats what it holds.
  init(_ file: Secret) throws(EndpointError) {
    guard let json = (try? JSONValue(parsing: Array(file.revealed.utf8)))?.object else {
      throw Self.failure("is not the JSON file that Google gives out for a service account")
    }
    if let type = json["type"]?.string, type != "service_account" {
      throw Self.failure("is for something else: its `type` is not `service_account`")
    }
    email = try Self.text(json, "client_email")
    tokenURL = json["token_uri"]?.string ?? "https://oauth2.googleapis.com/token"
    key = try SigningKey(pem: Secret(try Self.text(json, "private_key")), id: json["private_key_id"]?.string)
  }

  private static func text(_ json: JSONObject, _ name: String) throws(EndpointError) -> String {
    guard let text = json[name]?.string, !text.isEmpty else { throw failure("lacks `\(name)`") }
    return text
  }

  private static func failure(_ reason: String) -> EndpointError {
    EndpointError(
      .misconfigured,
      "the service account's key \(reason); the Google Cloud console makes one under IAM, Service accounts, Keys")
  }
}
