import ArgumentParser
import Foundation
import IdentityServer
import LocalDirectory
import Logging
import Reports
import ServiceLifecycle

struct ServeCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "The identity server: SCIM 2.0 over HTTPS in front of the embedded directory.",
    discussion:
      "Prints one line `ready https://…` when it accepts requests. The certificate that it makes for itself stands beside the store."
  )

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

  @Option(help: "The SQLite file of the directory. Default: .rollcall/directory.sqlite.")
  var store: String?

  @Option(name: .customLong("admin-user"), help: "The administrator, made on the first start. Default: admin.")
  var adminUser: String?

  @Option(
    name: .customLong("admin-password-env"), help: "The environment variable with the administrator's first password.")
  var adminPasswordVariable: String?

  @Option(name: .customLong("token-env"), help: "An environment variable with a bearer token to accept. Repeatable.")
  var tokenVariables: [String] = []

  @Flag(
    name: .customLong("wso2-names"),
    help: "Answer names of groups as WSO2 Identity Server does: PRIMARY/engineers. Names of users stay without.")
  var wso2Names = false

  @OptionGroup var limits: ServerLimitOptions
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    let settings = workspace.settings
    let path = settings.string("store", store) ?? Workspace.defaultDirectoryStore
    let metrics = ServerMetrics()
    let directory = try workspace.directory(at: path) { MeteredDirectoryStore($0, metrics) }
    let administrator = settings.string("admin-user", adminUser) ?? "admin"
    var configuration = ServerConfiguration(
      host: settings.string("host", host) ?? "127.0.0.1", port: try listeningPort(settings))
    configuration.version = Version.text
    configuration.groupNames = try settings.bool("wso2-names", wso2Names) ? .qualified : .plain
    try limits.apply(to: &configuration, settings)
    try await welcome(administrator, to: directory, isLoopback: configuration.isLoopback, workspace)
    if !(try settings.bool("no-tls", noTLS)) {
      let source = try certificateSource(settings, besides: path)
      configuration.tls = try source.identity(now: workspace.now())
      configuration.renewal = CertificateRenewal(
        source, warning: try limits.certificateWarning(settings), requests: Hangups.stream())
    }
    let server = try IdentityServer(
      directory: directory, configuration: configuration,
      authenticator: DirectoryAuthenticator(
        directory: directory, administrators: Administrators(userNames: [administrator]), tokens: try tokens(settings)),
      metrics: metrics, logger: workspace.logger,
      onReady: { [configuration] port in announce(configuration, port, workspace) })
    try await serve(server, workspace)
    return .success
  }

  /// Runs until SIGTERM or Ctrl-C; requests in flight are then answered.
  private func serve(_ server: IdentityServer, _ workspace: Workspace) async throws {
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [server], gracefulShutdownSignals: [], logger: workspace.logger))
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

  /// Makes the first administrator. The well-known password is for a first try on this machine and nothing else.
  private func welcome(_ name: String, to directory: Directory, isLoopback: Bool, _ workspace: Workspace) async throws {
    let variable = workspace.settings.string("admin-password-env", adminPasswordVariable)
    if let variable {
      _ = try await AdminAccount.ensure(
        in: directory, userName: name, password: try secret(variable, workspace.settings))
    } else if isLoopback {
      _ = try await AdminAccount.ensure(in: directory, userName: name, password: Self.wellKnownPassword)
    } else if try await !AdminAccount.exists(in: directory, userName: name) {
      throw CommandFailure(
        .usage, "there is no \(name) yet, and beyond the loopback it needs a password of its own",
        hint: "put one into an environment variable and name it with --admin-password-env")
    }
    guard try await directory.authenticate(userName: name, password: Self.wellKnownPassword) != nil else { return }
    guard isLoopback else {
      throw CommandFailure(
        .usage, "beyond the loopback \(name) must not have the password \(Self.wellKnownPassword)",
        hint: "change it first")
    }
    workspace.terminal.note(
      "warning: \(name) has the password \(Self.wellKnownPassword): change it before others can reach this server")
  }

  private static let wellKnownPassword = "admin"

  private func tokens(_ settings: Settings) throws -> BearerTokens {
    BearerTokens(
      Dictionary(try tokenVariables.map { ($0, try secret($0, settings)) }, uniquingKeysWith: { first, _ in first }))
  }

  private func secret(_ variable: String, _ settings: Settings) throws -> String {
    guard let value = settings.environment[variable], !value.isEmpty else {
      throw CommandFailure(.usage, "the environment variable \(variable) is not set")
    }
    return value
  }

  private func certificateSource(_ settings: Settings, besides store: String) throws -> CertificateSource {
    let certificate = settings.string("tls-cert", tlsCertificate)
    let key = settings.string("tls-key", tlsKey)
    switch (certificate, key) {
    case (let certificate?, let key?):
      return CertificateSource(
        certificateFile: URL(fileURLWithPath: certificate), privateKeyFile: URL(fileURLWithPath: key))
    case (nil, nil):
      let folder = CertificateFolder(URL(fileURLWithPath: store).deletingLastPathComponent())
      return CertificateSource(folder, hostName: ProcessInfo.processInfo.hostName)
    default: throw CommandFailure(.usage, "--tls-cert and --tls-key belong together")
    }
  }
}
