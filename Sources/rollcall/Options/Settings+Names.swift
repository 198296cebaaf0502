extension Settings {
  /// Every option that the settings file may hold: one that the program does not know is more likely misspelt than meant for
  /// nobody.
  static let names: Set<String> = [
    // What is read, and what of it
    "filename", "selector", "kind", "endpoint", "target", "prune", "online",
    // What is shown, and where
    "output", "report", "no-color", "quiet", "verbose", "log-format", "detailed-exitcode", "limit",
    // Drift
    "only-new", "older-than", "baseline", "write-back",
    // Bounds and consent
    "max-deletes", "max-missing", "max-calls", "parallelism", "deadline", "yes", "approvals", "author", "actor",
    "commit",
    // What is remembered
    "state", "lease-duration", "lease-timeout",
    // The controller
    "socket", "server", "listen", "api-token-env", "webhook-secret-env", "max-shrink",
    "git", "ref", "path", "git-interval", "git-credentials", "git-ssh-key", "git-known-hosts", "git-verify",
    "git-folder",
    // Secrets
    "vault-addr", "vault-allow-plaintext", "vault-auth-mount", "vault-ca-file", "vault-identity-file",
    "vault-namespace",
    "vault-role", "vault-token-file",
    // The identity server
    "host", "port", "port-offset", "no-tls", "tls-cert", "tls-key", "certificate-warning", "store", "wso2-names",
    "cursor-secret-env", "provisioning-interval", "public-url", "issuer", "session-idle", "session-lifetime",
    "admin-user", "admin-password-env", "token-env", "trusted-proxy",
    "login-attempts", "login-attempts-per-address", "login-attempts-per-name",
    "password-min-length", "password-max-length", "password-pattern", "refused-passwords",
    "max-body-size", "max-header-size", "max-connections", "idle-timeout", "body-timeout", "answer-timeout",
  ]
}
