import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Reconciliation
import Synchronization

/// The doors of a running controller: a Unix socket for who is on the machine and, where it is asked for, a TCP address.
package struct ControllerServer: Sendable {
  package struct Configuration: Sendable {
    /// The Unix socket; nil for none.
    package var socket: String?
    /// Where to listen besides; nil for nowhere.
    package var address: (host: String, port: Int)?
    /// What callers over TCP need; nil lets nobody send calls there.
    package var token: String?
    /// What a Git server signs its webhook with; nil takes none.
    package var webhookSecret: String?

    package init(
      socket: String? = nil, address: (host: String, port: Int)? = nil, token: String? = nil,
      webhookSecret: String? = nil
    ) {
      self.socket = socket
      self.address = address
      self.token = token
      self.webhookSecret = webhookSecret
    }
  }

  /// Why a door cannot be opened.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// What Linux takes for a socket's path, without the NUL at its end (unix(7)).
  private static let maxSocketPath = 107

  private let configuration: Configuration
  private let operations: Operations
  private let overview: ControllerOverview
  private let logger: Logger

  package init(
    _ configuration: Configuration, operations: Operations, overview: ControllerOverview, logger: Logger
  ) {
    self.configuration = configuration
    self.operations = operations
    self.overview = overview
    // The library tells of every start, and calls every stop an error.
    var quiet = logger
    quiet.logLevel = .critical
    self.logger = quiet
  }

  /// Serves until the task is cancelled.
  /// - Parameter onReady: called once with each address that is open: a path, or the port.
  /// - Throws: ``Failure`` when an address cannot be had.
  package func run(onReady: @escaping @Sendable (_ address: String) -> Void) async throws {
    if let socket = configuration.socket { try await claim(socket) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      if let socket = configuration.socket {
        group.addTask {
          try await serve(.unixDomainSocket(path: socket), .everybody, named: socket) { _ in
            chmod(socket, 0o600)
            onReady(socket)
          }
        }
      }
      if let (host, port) = configuration.address {
        let access = configuration.token.map { ControllerResponder.Access.bearer(token: $0) } ?? .nobody
        group.addTask {
          try await serve(.hostname(host, port: port), access, named: "\(host) port \(port)") { channel in
            onReady("http://\(host):\(channel.localAddress?.port ?? port)")
          }
        }
      }
      try await group.waitForAll()
    }
    if let socket = configuration.socket { unlink(socket) }
  }

  private func serve(
    _ address: BindAddress, _ access: ControllerResponder.Access, named name: String,
    onReady: @escaping @Sendable (any Channel) -> Void
  ) async throws {
    let responder = ControllerResponder(
      operations: operations, overview: overview, access: access,
      webhook: configuration.webhookSecret.map { WebhookSignature(secret: Secret($0)) })
    let application = Application(
      responder: responder,
      configuration: ApplicationConfiguration(address: address),
      onServerRunning: { onReady($0) }, logger: logger)
    do {
      try await application.run()
    } catch let error as IOError {
      throw Failure(description: "cannot listen on \(name): \(String(cString: strerror(error.errnoCode)).lowercased())")
    }
  }

  /// Makes sure that the path can hold a socket and that nobody listens there: another's would be taken away.
  private func claim(_ socket: String) async throws {
    guard socket.utf8.count <= Self.maxSocketPath else {
      throw Failure(
        description: "the path of the socket has more than \(Self.maxSocketPath) bytes: choose another with --socket")
    }
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: socket).deletingLastPathComponent(), withIntermediateDirectories: true)
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: socket) else { return }
    guard attributes[.type] as? FileAttributeType == .typeSocket else {
      throw Failure(description: "\(socket) is there and is no socket: choose another with --socket")
    }
    let client = ControllerClient(.socket(socket))
    let isAlive = (try? await client.send(.status, by: "")) != nil
    await client.close()
    guard !isAlive else {
      throw Failure(description: "another controller listens on \(socket): choose another with --socket")
    }
  }
}
