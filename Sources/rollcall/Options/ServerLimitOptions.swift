import ArgumentParser
import IdentityServer
import Reports

/// What one client may ask of the server before it is refused or cut off.
struct ServerLimitOptions: ParsableArguments {
  @Option(name: .customLong("max-body-size"), help: "The largest request body, in bytes. Default: 1048576.")
  var maxBodySize: Int?

  @Option(name: .customLong("max-header-size"), help: "The largest request header, in bytes. Default: 65536.")
  var maxHeaderSize: Int?

  @Option(
    name: .customLong("max-connections"), help: "The most connections at a time; others wait. Default: 4096.")
  var maxConnections: Int?

  @Option(
    name: .customLong("idle-timeout"),
    help: "Seconds that a connection may take to send a request's header. Default: 60.")
  var idleTimeout: Int?

  @Option(name: .customLong("body-timeout"), help: "Seconds that a request's body may take. Default: 60.")
  var bodyTimeout: Int?

  @Option(
    name: .customLong("answer-timeout"), help: "Seconds that a client may take to read its answer. Default: 60.")
  var answerTimeout: Int?

  @Option(
    name: .customLong("certificate-warning"),
    help: "Days before the certificate expires from which on the log warns. Default: 14.")
  var certificateWarning: Int?

  func apply(to configuration: inout ServerConfiguration, _ settings: Settings) throws {
    var limits = configuration.limits
    configuration.maxBodySize = try size("max-body-size", maxBodySize, settings) ?? configuration.maxBodySize
    limits.maxHeaderSize = try size("max-header-size", maxHeaderSize, settings) ?? limits.maxHeaderSize
    limits.maxConnections = try size("max-connections", maxConnections, settings) ?? limits.maxConnections
    limits.idleTimeout = try seconds("idle-timeout", idleTimeout, settings) ?? limits.idleTimeout
    limits.bodyTimeout = try seconds("body-timeout", bodyTimeout, settings) ?? limits.bodyTimeout
    limits.answerTimeout = try seconds("answer-timeout", answerTimeout, settings) ?? limits.answerTimeout
    configuration.limits = limits
  }

  func certificateWarning(_ settings: Settings) throws -> Duration {
    .seconds(86_400 * (try settings.value("certificate-warning", certificateWarning) ?? 14))
  }

  private func seconds(_ name: String, _ flag: Int?, _ settings: Settings) throws -> Duration? {
    try size(name, flag, settings).map { .seconds($0) }
  }

  /// A bound that lets nothing through would be a mistake.
  private func size(_ name: String, _ flag: Int?, _ settings: Settings) throws -> Int? {
    guard let value = try settings.value(name, flag) else { return nil }
    guard value > 0 else { throw CommandFailure(.usage, "\(name) must be above 0, not \(value)") }
    return value
  }
}
