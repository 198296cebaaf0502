import ArgumentParser
import Foundation
import IdentityServer
import LocalDirectory
import Logging
import Reports
import SCIM
import ServiceLifecycle

struct ServeCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "The identity server: SCIM 2.0 over HTTPS in front of the embedded directory.",
    discussion:
      "Prints one line `ready https://…` when it accepts requests. The certificate that it makes for itself stands beside the store, or in .rollcall.",
    subcommands: [
      ServeBackupCommand.self, ServeTokenCommand.self, ServePasswordCommand.self, ServeAuditCommand.self,
      ServeQueueCommand.self, ServeClientSecretCommand.self,
    ])
  static let formats = [ReportFormat.text]

  @Option(help: "The address to listen on.")
  var host: String?

  @Option(help: "The port; 0 picks a free one. Default: 9443.")
  var port: Int?

  @Option(name: .customLong("port-offset"), help: "Added to the port.")
  var portOffset: Int?

  @Flag(name: .customLong("no-tls"), help: "Plain HTTP, on the loopback only.")
  var noTLS = false

  @Option(
    name: .customLong("tls-cert"), help: "A certificate chain in PEM, instead of one that is made on the first start.")
  var tlsCertificate: String?

  @Option(name: .customLong("tls-key"), help: "The private key of --tls-cert, in PEM.")
  var tlsKey: String?

  @Option(
    help:
      "Where the directory is kept: an SQLite file or postgresql://user@host/database. Default: .rollcall/directory.sqlite."
  )
  var store: String?

  @Option(
    help:
      "The state of the controllers whose endpoints the console shows: an SQLite file or postgresql://user@host/database. Default: .rollcall/state.sqlite, as soon as there is one."
  )
  var state: String?

  @Option(
    name: [.customShort("f"), .customLong("filename")],
    help:
      "Manifests whose Schema documents the directory keeps and enforces, and whose Endpoint documents connectors of outbound provisioning may name: a file, a folder, or -. Repeatable."
  )
  var manifests: [String] = []

  @Flag(
    name: .customLong("wso2-names"),
    help: "Answer names of groups as WSO2 Identity Server does: PRIMARY/engineers. Names of users stay without.")
  var wso2Names = false

  @Option(
    name: .customLong("cursor-secret-env"),
    help:
      "The environment variable with a secret that servers of one directory share, so that each continues the others' listings by cursor."
  )
  var cursorSecretVariable: String?

  @Option(
    name: .customLong("provisioning-interval"),
    help: "How often connectors compare everything, not only what changed: 1h, 30m. Default: 1h.")
  var provisioningInterval: String?

  @OptionGroup var access: AccessOptions
  @OptionGroup var signIn: SignInOptions
  @OptionGroup var passwords: PasswordOptions
  @OptionGroup var limits: ServerLimitOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let settings = workspace.settings
    let path = settings.string("store", store) ?? DirectoryPlace.default
    let place = try DirectoryPlace(path)
    // What can be said wrong is looked at before anything is made.
    var configuration = try configuration(settings)
    let administrator = FirstAdministrator(
      name: access.administrator(settings), password: try access.adminPassword(settings))
    let (policy, loginLimits) = (try settings.passwordPolicy(passwords), try access.limits(settings))
    let staticTokens = try access.tokens(settings)
    let passInterval = try passInterval(settings)
    let sessions = try signIn.sessions(settings)
    let controllers = try workspace.controllers(at: settings.string("state", state))
    let served = try await workspace.served(manifests)
    let metrics = ServerMetrics()
    try place.expectWritable()
    let store = try workspace.store(at: path)
    defer { place.settle() }
    let bare = try workspace.directory(over: MeteredDirectoryStore(store, metrics), at: path, policy)
    // Before the schemas: no extension can ask anything of the administrator.
    try await administrator.welcome(to: bare, isLocal: configuration.isForThisMachine, workspace)
    let unobserved = try await workspace.keeping(served.schemas, in: bare)
    let provisioning = workspace.provisioning(
      of: unobserved, in: store, sealedWith: try workspace.secretBox(at: path), endpoints: served.endpoints,
      passInterval: passInterval, metrics)
    let directory = unobserved.observed(by: provisioning)
    if !(try settings.bool("no-tls", noTLS)) {
      try secure(&configuration, by: try certificateSource(settings, besides: path), workspace)
    }
    let trail = workspace.trail(in: store, logger: workspace.logger)
    let tokens = AccessTokens(store, trail: trail, now: workspace.now)
    let provider = try workspace.provider(over: store, of: directory, at: path, sessions: sessions, trail)
    let administrators = Administrators(userNames: [administrator.name])
    let server = try IdentityServer(
      directory: directory, configuration: configuration,
      authenticator: DirectoryAuthenticator(
        directory: directory, administrators: administrators,
        staticTokens: staticTokens, accessTokens: tokens, trail: trail, limits: loginLimits),
      tokens: tokens, provider: provider, federation: try workspace.federation(at: path, administrators),
      metrics: metrics, provisioning: provisioning, controllers: controllers, logger: workspace.logger,
      onReady: { [configuration] port in announce(configuration, port, workspace) })
    let keeper = SigningKeyKeeper(provider.keys, logger: workspace.logger)
    try await serve([provisioning, keeper, server], workspace)
    return .success
  }

  private func configuration(_ settings: Settings) throws -> ServerConfiguration {
    var configuration = ServerConfiguration(
      host: settings.string("host", host) ?? "127.0.0.1", port: try listeningPort(settings))
    configuration.version = Version.text
    configuration.groupNames = try settings.bool("wso2-names", wso2Names) ? .qualified : .plain
    configuration.trustedProxies = try access.proxies(settings)
    configuration.cursorSecret = try settings.string("cursor-secret-env", cursorSecretVariable)
      .map { Array(try settings.secret($0).utf8) }
    try signIn.apply(to: &configuration, settings)
    try limits.apply(to: &configuration, settings)
    return configuration
  }

  private func secure(
    _ configuration: inout ServerConfiguration, by source: CertificateSource, _ workspace: Workspace
  ) throws {
    configuration.tls = try source.identity(now: workspace.now())
    configuration.renewal = CertificateRenewal(
      source, warning: try limits.certificateWarning(workspace.settings), requests: Hangups.stream())
  }

  /// Runs until SIGTERM or Ctrl-C; requests in flight are then answered.
  private func serve(_ services: [any Service], _ workspace: Workspace) async throws {
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: [], logger: workspace.logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      tasks.addTask {
        await workspace.signals.wait()
        await group.triggerGracefulShutdown()
      }
      defer { tasks.cancelAll() }
      do {
        try await tasks.next()
        if workspace.signals.status != nil { try await tasks.next() }
      } catch let error as ServerError where error.kind == .cannotListen {
        throw CommandFailure(
          .unexpected, error.description,
          hint: "choose another address with --host or --port, or end the program that uses it")
      }
    }
  }

  private func passInterval(_ settings: Settings) throws -> TimeInterval? {
    guard let text = settings.string("provisioning-interval", provisioningInterval) else { return nil }
    guard let seconds = DurationText.seconds(text), seconds > 0 else {
      throw CommandFailure(.usage, "--provisioning-interval cannot be \"\(text)\"", hint: "a time such as 1h or 30m")
    }
    return TimeInterval(seconds)
  }

  private func announce(_ configuration: ServerConfiguration, _ port: Int, _ workspace: Workspace) {
    let host = configuration.isLoopback ? "localhost" : configuration.host
    workspace.terminal.result("ready \(configuration.tls == nil ? "http" : "https")://\(host):\(port)")
  }

  private func listeningPort(_ settings: Settings) throws -> Int {
    let base = try settings.value("port", port) ?? 9443
    let port = base == 0 ? 0 : base + (try settings.value("port-offset", portOffset) ?? 0)
    guard (0...65_535).contains(port) else {
      throw CommandFailure(.usage, "\(port) is no port", hint: "a number from 0 to 65535")
    }
    return port
  }

  private func certificateSource(_ settings: Settings, besides store: String) throws -> CertificateSource {
    let certificate = settings.string("tls-cert", tlsCertificate)
    let key = settings.string("tls-key", tlsKey)
    switch (certificate, key) {
    case (let certificate?, let key?):
      return CertificateSource(
        certificateFile: URL(fileURLWithPath: certificate), privateKeyFile: URL(fileURLWithPath: key))
    case (nil, nil):
      let folder = CertificateFolder(try DirectoryPlace(store).folder)
      return CertificateSource(folder, hostName: ProcessInfo.processInfo.hostName)
    default: throw CommandFailure(.usage, "--tls-cert and --tls-key belong together")
    }
  }
}
