import ArgumentParser
import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOSSL
import OpenID

/// The counterpart of the sample `playground2` of WSO2 Identity Server, at the same addresses.
@main
struct PlaygroundCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "playground",
    abstract: "An application that signs its users in, to try an OpenID provider with.",
    discussion: """
      Prints one line `ready http://…` when it accepts requests; it listens on the loopback only. Signs in by the \
      authorization code flow with PKCE. Where the provider sends browsers back to is \
      http://localhost:PORT/playground2/oauth2client, and after a sign-out http://localhost:PORT/playground2/.
      """)

  @Option(help: "The port; 0 picks a free one.")
  var port = 8080

  @Option(help: "The OpenID provider: the issuer that its tokens name.")
  var issuer = "https://localhost:9443"

  @Option(name: .customLong("client-id"), help: "What the provider knows the application by; the page takes another.")
  var clientID = "playground2"

  @Option(
    name: .customLong("client-secret-env"),
    help: "The environment variable with the client's secret; without it the client is a public one.")
  var clientSecretVariable: String?

  @Option(help: "The scopes that are asked for, apart by spaces; openid among them.")
  var scope = "openid profile email groups"

  @Option(name: .customLong("ca-file"), help: "Certificates in PEM that are trusted instead of the system's.")
  var caFile: String?

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port must be a number from 0 to 65535.") }
    guard clientID.isEmpty == false else { throw ValidationError("--client-id must not be empty.") }
    guard let scopes = try? Scopes(parsing: scope), scopes.contains(.openid) else {
      throw ValidationError("--scope must be scopes apart by spaces, and openid must be among them.")
    }
    do throws(FederationError) {
      _ = try ProviderAddresses.checked(issuer, "--issuer")
    } catch {
      throw ValidationError("\(error.text).")
    }
  }

  func run() async throws {
    let registration = Registration(issuer: issuer, clientID: clientID, secret: try secret(), scope: scope)
    let client = HTTPClient(
      eventLoopGroupProvider: .singleton, configuration: Transport.configuration(trusting: try certificates()))
    do {
      try await serve(Site(registration, provider: Provider(registration, Transport(client))))
    } catch {
      try? await client.shutdown()
      throw error
    }
    try await client.shutdown()
  }

  /// Runs until SIGTERM or Ctrl-C; requests in flight are then answered.
  private func serve(_ site: Site) async throws {
    var logger = Logger(label: "playground") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .error
    let application = Application(
      responder: site, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in
        let line = "ready \(Place.base(port: channel.localAddress?.port ?? 0))\(Place.start.rawValue)\n"
        FileHandle.standardOutput.write(Data(line.utf8))
      }, logger: logger)
    do {
      try await application.runService()
    } catch let error as IOError {
      throw CannotListen(port: port, reason: String(cString: strerror(error.errnoCode)))
    }
  }

  /// Those that are trusted instead of the system's.
  private func certificates() throws -> [NIOSSLCertificate]? {
    guard let caFile else { return nil }
    guard let found = try? NIOSSLCertificate.fromPEMFile(caFile), !found.isEmpty else {
      throw ValidationError("--ca-file: \(caFile) cannot be read as certificates in PEM.")
    }
    return found
  }

  private func secret() throws -> TokenSecret? {
    guard let clientSecretVariable else { return nil }
    guard let value = ProcessInfo.processInfo.environment[clientSecretVariable], !value.isEmpty else {
      throw ValidationError("--client-secret-env: the environment variable \(clientSecretVariable) is not set.")
    }
    return TokenSecret(value)
  }
}

/// The port cannot be had.
private struct CannotListen: Error, CustomStringConvertible {
  let port: Int
  let reason: String

  var description: String { "cannot listen on port \(port): \(reason.lowercased()). Choose another with --port." }
}
