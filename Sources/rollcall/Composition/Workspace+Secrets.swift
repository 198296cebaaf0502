import Controller
import Endpoints
import Foundation
import Reconciliation
import Reports

extension Workspace {
  /// Reads secrets wherever manifests may say that they are.
  static func secrets(_ settings: Settings) throws -> SecretResolver {
    let environment = settings.environment
    let vault = try vault(settings).map { VaultConnection($0, now: { Date() }) }
    return SecretResolver(
      environment: environment, documents: SecretDocuments(environment: environment, vault: vault))
  }

  /// How to reach Vault: our own settings, else what Vault's own programs take. nil without an address.
  private static func vault(_ settings: Settings) throws -> VaultConnection.Settings? {
    let environment = settings.environment
    func setting(_ name: String, or variable: String) -> String? {
      let value = settings.string(name, nil) ?? environment[variable]
      return value?.isEmpty == true ? nil : value
    }
    guard let address = setting("vault-addr", or: "VAULT_ADDR") else { return nil }
    var vault = VaultConnection.Settings(
      address: address, login: try login(settings, setting), userAgent: "rollcall/\(Version.text)")
    vault.allowsPlaintext = try settings.bool("vault-allow-plaintext", false)
    vault.namespace = setting("vault-namespace", or: "VAULT_NAMESPACE")
    vault.trust = setting("vault-ca-file", or: "VAULT_CACERT").map { .caFile($0) } ?? .system
    return vault
  }

  private static func login(
    _ settings: Settings, _ setting: (String, String) -> String?
  ) throws -> VaultConnection.Login {
    if let role = settings.string("vault-role", nil) {
      return .kubernetes(
        role: role, mount: settings.string("vault-auth-mount", nil) ?? "kubernetes",
        tokenFile: settings.string("vault-identity-file", nil)
          ?? "/var/run/secrets/kubernetes.io/serviceaccount/token")
    }
    if let token = settings.environment["VAULT_TOKEN"], !token.isEmpty { return .token(Secret(token)) }
    if let file = setting("vault-token-file", "VAULT_TOKEN_FILE") { return .tokenFile(file) }
    return .tokenFile((settings.environment["HOME"] ?? "") + "/.vault-token")
  }
}
