import NIOCore
import NIOPosix

/// A client that sends bytes as it likes, for what no HTTP library would send.
struct RawConnection {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// - Parameter receiveBuffer: how much the system takes from the server before the client reads it, in bytes.
  static func open(to server: ServerFixture, receiveBuffer: Int? = nil) async throws -> RawConnection {
    let port = server.origin.split(separator: ":").last.flatMap { Int($0) } ?? 0
    var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    if let receiveBuffer {
      bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
    }
    let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
    return RawConnection(channel: channel)
  }

  /// Sends the parts, then returns all that the server sends until it closes the connection.
  func exchange(_ parts: String...) async throws -> String {
    try await channel.executeThenClose { inbound, outbound in
      var received = ""
      do {
        for part in parts { try await outbound.write(ByteBuffer(string: part)) }
        for try await bytes in inbound { received += String(buffer: bytes) }
      } catch is IOError {
        // The server closed before it had read everything.
      } catch is ChannelError {
        // The same, seen by the one who writes.
      }
      return received
    }
  }

  /// Sends the request and reads nothing while the closure runs.
  func send(_ request: String, whileReadingNothing body: () async throws -> Void) async throws {
    try await channel.executeThenClose { _, outbound in
      try await outbound.write(ByteBuffer(string: request))
      try await body()
    }
  }
}
