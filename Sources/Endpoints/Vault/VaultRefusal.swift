import JSON
import Reconciliation

/// An answer of Vault that holds no secret (https://developer.hashicorp.com/vault/api-docs#http-status-codes).
struct VaultRefusal {
  let status: Int
  /// What it says of itself.
  private let errors: [String]
  private let warnings: [String]
  /// Whether there was a secret whose newest version is gone.
  private let isDeleted: Bool

  init(status: Int, body: JSONObject?) {
    self.status = status
    errors = Self.lines(body?["errors"])
    warnings = Self.lines(body?["warnings"])
    isDeleted = body?["data"]?["metadata"]?.object != nil
  }

  func error(of path: String) -> EndpointError {
    switch status {
    case 200:
      EndpointError(
        .misconfigured, status: status,
        "Vault: \(path) is no secret of a KV version 2 engine: its path is MOUNT/data/NAME")
    case 403:
      EndpointError(
        .forbidden, status: status, "Vault: we may not read \(path)\(said): is there a policy that lets us?")
    case 404 where isDeleted:
      EndpointError(.notFound, status: status, "Vault: the newest version of \(path) was deleted")
    case 404 where !warnings.isEmpty:
      EndpointError(.misconfigured, status: status, "Vault: \(path) is no path of a KV version 2 engine\(said)")
    case 404: EndpointError(.notFound, status: status, "Vault: there is no secret \(path)\(said)")
    default: general(path)
    }
  }

  func error(ofLoginAs role: String) -> EndpointError {
    EndpointError(
      status < 500 ? .unauthorized : .unavailable(retryAfter: nil), status: status,
      "Vault: the login as role \(role) was answered with status \(status)\(said)")
  }

  private func general(_ path: String) -> EndpointError {
    switch status {
    case 307, 308:
      EndpointError(
        .rejected, status: status, "Vault: a standby node sends us on for \(path): give the address of the active one")
    case 429, 473: EndpointError(.unavailable(retryAfter: nil), status: status, "Vault: too busy, or on standby\(said)")
    case 500...: EndpointError(.unavailable(retryAfter: nil), status: status, "Vault: status \(status)\(said)")
    default: EndpointError(.rejected, status: status, "Vault: \(path) was answered with status \(status)\(said)")
    }
  }

  private var said: String {
    let words = (errors + warnings).joined(separator: "; ")
    return words.isEmpty ? "" : " (\(MessageText.oneLine(words)))"
  }

  private static func lines(_ value: JSONValue?) -> [String] { value?.array?.compactMap(\.string) ?? [] }
}
