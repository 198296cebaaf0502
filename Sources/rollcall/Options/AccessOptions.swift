import ArgumentParser
import IdentityServer
import Reports

/// Who gets in to the server, and what becomes of those who guess.
struct AccessOptions: ParsableArguments {
  @Option(name: .customLong("admin-user"), help: "The administrator, made on the first start. Default: admin.")
  var adminUser: String?

  @Option(
    name: .customLong("admin-password-env"), help: "The environment variable with the administrator's first password.")
  var adminPasswordVariable: String?

  @Option(
    name: .customLong("token-env"),
    help: "An environment variable with a bearer token that may do everything. Repeatable.")
  var tokenVariables: [String] = []

  @Option(
    name: .customLong("trusted-proxy"),
    help: "The address of a proxy whose X-Forwarded-For tells where a request comes from. Repeatable.")
  var trustedProxies: [String] = []

  @Option(
    name: .customLong("login-attempts"),
    help: "Logins of one name from one address that may fail before each further one has to wait. Default: 5.")
  var attempts: Int?

  @Option(
    name: .customLong("login-attempts-per-address"),
    help: "The same for one address, whatever the name. Default: 50.")
  var attemptsPerAddress: Int?

  @Option(
    name: .customLong("login-attempts-per-name"),
    help: "The same for one name, from any address that it has not come in from before. Default: 100.")
  var attemptsPerName: Int?

  func limits(_ settings: Settings) throws -> LoginGuard.Limits {
    var limits = LoginGuard.Limits()
    try set(&limits.perNameAndAddress, "login-attempts", attempts, settings)
    try set(&limits.perAddress, "login-attempts-per-address", attemptsPerAddress, settings)
    try set(&limits.perName, "login-attempts-per-name", attemptsPerName, settings)
    return limits
  }

  func proxies(_ settings: Settings) throws -> Set<String> {
    let proxies = settings.list("trusted-proxy", trustedProxies) ?? []
    if let wrong = proxies.first(where: { !NetworkAddress.isAddress($0) }) {
      throw CommandFailure(.usage, "--trusted-proxy \(wrong) is no IP address")
    }
    return proxies
  }

  func administrator(_ settings: Settings) -> String { settings.administrator(adminUser) }

  /// nil when no variable is named.
  func adminPassword(_ settings: Settings) throws -> String? {
    try settings.string("admin-password-env", adminPasswordVariable).map(settings.secret)
  }

  func tokens(_ settings: Settings) throws -> BearerTokens {
    let variables = settings.list("token-env", tokenVariables) ?? []
    return BearerTokens(
      Dictionary(try variables.map { ($0, try settings.secret($0)) }, uniquingKeysWith: { first, _ in first }))
  }

  private func set(_ policy: inout ThrottlePolicy, _ name: String, _ flag: Int?, _ settings: Settings) throws {
    policy.freeAttempts = try settings.value(name, flag) ?? policy.freeAttempts
    guard policy.freeAttempts > 0 else { throw CommandFailure(.usage, "\(name) must be above 0") }
  }
}

extension Settings {
  /// The administrator that a server makes when it first starts.
  func administrator(_ flag: String? = nil) -> String { string("admin-user", flag) ?? "admin" }

  /// - Throws: ``CommandFailure`` when the environment variable is not set.
  func secret(_ variable: String) throws -> String {
    guard let value = environment[variable], !value.isEmpty else {
      throw CommandFailure(.usage, "the environment variable \(variable) is not set")
    }
    return value
  }
}
